import ArgumentParser
import Testing

@testable import ucm

/// What commands say of themselves, from which help, manual pages and completions are made.
@Suite struct CommandHelpTests {
    private static func commands() throws -> [CommandDescription] { try CommandDescription.of(UCM.self).all }

    @Test func `every command says in a sentence what it does`() throws {
        let commands = try Self.commands()
        #expect(commands.count > 80)
        for command in commands {
            #expect(command.abstract.hasSuffix("."), "\(command.words)")
            #expect(command.abstract.first?.isUppercase == true, "\(command.words)")
        }
    }

    @Test func `every option and argument says what it is for`() throws {
        for command in try Self.commands() {
            for argument in command.arguments {
                #expect(argument.abstract?.isEmpty == false, "\(command.words) \(argument.marked)")
            }
        }
    }

    @Test func `every option is written in small letters with hyphens, and no command has one twice`() throws {
        for command in try Self.commands() {
            let names = command.arguments.flatMap { $0.names ?? [] }.map(\.typed)
            #expect(Set(names).count == names.count, "\(command.words)")
            for name in names {
                let isPlain = name.allSatisfy { $0 == "-" || $0.isASCII && ($0.isNumber || $0.isLowercase) }
                #expect(isPlain, "\(command.words) \(name)")
            }
        }
    }

    @Test func `commands are called by different words`() throws {
        let calls = try Self.commands().map { $0.words.joined(separator: " ") }
        #expect(Set(calls).count == calls.count)
    }

    @Test func `every example is one`() throws {
        var count = 0
        for command in try Self.commands() {
            // What has an ellipsis or brackets is a form to be filled in.
            for example in command.examples where !example.contains(where: { "…[".contains($0) }) {
                let words = Self.words(of: example)
                #expect(words.starts(with: command.words), "\(example)")
                #expect(throws: Never.self, "\(example)") { try UCM.parseAsRoot(Array(words.dropFirst())) }
                count += 1
            }
        }
        #expect(count > 20)
    }

    /// The words that a shell makes of a line, up to where its output goes.
    private static func words(of line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in line.prefix(while: { $0 != ">" }) {
            switch character {
            case "'":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
