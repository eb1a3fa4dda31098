import ArgumentParser
import Foundation
import Testing

@testable import Server
@testable import ucm

@Suite("The names of settings")
struct SettingNamesTests {
    @Test("are those of the options of ucm serve")
    func options() {
        let words = Serve.helpMessage().split { !$0.isLetter && $0 != "-" }
        let options = Set(words.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) })
            .subtracting(["help", "version", ""])
        let known = SettingNames.all.union(SettingNames.outsideOfFile)
        #expect(options.subtracting(known) == [])
        // These have no option: a secret is not given on a command line.
        #expect(known.subtracting(options) == ["master-key", "master-passphrase", "metrics-token"])
    }

    static let mistakes: [(String, String?)] = [
        ("host-nam", "host-name"), ("hostname", "host-name"), ("HTTPS", "https"), ("htttp", "http"),
        ("masterkeyfile", "master-key-file"), ("metric", "metrics"), ("log_format", "log-format"), ("color", nil),
        ("", nil), (String(repeating: "x", count: 10_000), nil),
    ]

    @Test("are found for what was meant", arguments: Self.mistakes)
    func nearest(name: String, meant: String?) {
        #expect(SettingNames.nearest(to: name) == meant)
    }

    @Test("are found at the beginnings of lines")
    func yaml() {
        let text = """
            # comment: no
            http: 8080
            "https": off
              nested: no
            - item: no
            host-name:
              - a
            no colon

            'log-format' : json
            """
        let found = SettingNames.names(inYAML: text)
        #expect(found.map(\.name) == ["http", "https", "host-name", "log-format"])
        #expect(found.map(\.line) == [2, 3, 6, 10])
        #expect(SettingNames.names(inYAML: "").isEmpty)
        #expect(SettingNames.names(inYAML: ":\n: :\n\u{0}:").count == 3)
    }
}
