import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import Server
@testable import ucm

/// `ucm man`.
@Suite struct ManualPageTests {
    private static func pages() throws -> [String: String] {
        let pages = ManualPage.all(of: try CommandDescription.of(UCM.self))
        return Dictionary(pages.map { ($0.name, $0.source) }) { first, _ in first }
    }

    @Test func `there is a page of the program and of each command below it`() throws {
        let program = try CommandDescription.of(UCM.self)
        let pages = try Self.pages()
        #expect(Set(pages.keys) == Set(["ucm.1"] + program.subcommands.map { $0.pageName + ".1" }))
        for source in pages.values {
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "SEE ALSO"] {
                #expect(source.contains("\n.SH \(section)\n"))
            }
        }
    }

    @Test func `every command and every option is on its page`() throws {
        let pages = try Self.pages()
        for group in try CommandDescription.of(UCM.self).subcommands {
            let page = try #require(pages[group.pageName + ".1"])
            for command in group.all.dropFirst() {
                #expect(page.contains("\n.SS \(Roff.escaped(command.words.joined(separator: " ")))\n"))
            }
            for argument in group.all.flatMap(\.arguments) where argument.kind != .positional {
                #expect(page.contains("\n.TP\n\(argument.marked)\n"), "\(group.words) \(argument.marked)")
            }
        }
    }

    @Test func `every setting has its variable in ucm(1)`() throws {
        let page = try #require(try Self.pages()["ucm.1"])
        for name in SettingNames.all.union(SettingNames.outsideOfFile) {
            #expect(page.contains("\n\(Roff.bold(ManualNotes.variable(of: name)))\n"), "\(name)")
        }
        for name in ["UCM_SERVER", "UCM_TOKEN", "UCM_LOGIN_FILE", "NO_COLOR"] {
            #expect(page.contains("\n\(Roff.bold(name))\n"))
        }
    }

    @Test func `exit statuses are on the pages to which they belong`() throws {
        let pages = try Self.pages()
        func has(_ page: String, _ status: Int32) -> Bool {
            pages[page]?.contains("\n.TP\n\\fB\(status)\\fR\n") == true
        }
        for status in ExitStatus.allCases { #expect(has("ucm.1", status.rawValue)) }
        #expect(has("ucm-doctor.1", 3))
        #expect(!has("ucm-profile.1", 3))
        #expect(has("ucm-profile.1", 4))
        #expect(!has("ucm-serve.1", 6))
        #expect(has("ucm-login.1", 6))
        #expect(pages["ucm-scep.1"]?.contains("The server refused.") == true)
    }

    @Test(arguments: [
        ("--data -x", "\\-\\-data \\-x"), ("a\\b", "a\\eb"), ("it's", "it\\(aqs"), ("`~^\"", "\\(ga\\(ti\\(ha\\(dq"),
        ("9f86…", "9f86\\[u2026]"), ("é", "\\[u00E9]"), ("🔑", "\\[u1F511]"),
    ])
    func `text is no command of roff`(text: String, escaped: String) {
        #expect(Roff.escaped(text) == escaped)
    }

    @Test func `a line that begins like a request is text`() {
        var page = Roff(title: "x", version: "1")
        page.text(".so /etc/passwd\n'x")
        #expect(page.source.hasSuffix("\n.PP\n\\&.so /etc/passwd\n\\(aqx\n"))
    }

    @Test func `pages are written for everybody to read`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/share/man1"
            let command = try #require(try UCM.parseAsRoot(["man", "--out", path]) as? ManualCommand)
            try await command.run()
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            let expected = try Self.pages()
            #expect(Set(names) == Set(expected.keys))
            for name in names {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
                #expect(attributes[.posixPermissions] as? Int == 0o644)
            }
        }
    }

    private static let groff = "/usr/bin/groff"

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: ManualPageTests.groff)))
    func `groff finds nothing to say about them`() async throws {
        try await withTemporaryDirectory { directory in
            let command = try #require(try UCM.parseAsRoot(["man", "--out", directory]) as? ManualCommand)
            try await command.run()
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                let process = Process()
                let said = Pipe()
                process.executableURL = URL(fileURLWithPath: Self.groff)
                process.arguments = ["-man", "-Tutf8", "-ww", "-z", "\(directory)/\(name)"]
                process.standardError = said
                try process.run()
                let text = String(decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
                process.waitUntilExit()
                #expect(text == "" && process.terminationStatus == 0, "\(name)")
            }
        }
    }
}
