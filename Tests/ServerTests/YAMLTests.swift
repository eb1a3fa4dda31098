import TestSupport
import Testing

@testable import Server

@Suite("The configuration file")
struct YAMLTests {
    typealias Check = @Sendable (ServerConfiguration) -> Bool

    static let files: [(yaml: String, check: Check)] = [
        ("{}", { $0.https?.port == 8443 }),
        ("", { $0.https?.port == 8443 }),
        ("# nothing set\n\n  # yet\n", { $0.https?.port == 8443 }),
        ("https: 9443", { $0.https == ListenAddress("9443") }),
        ("http: 8080\nhttps: off", { $0.http?.port == 8080 && $0.https == nil }),
        ("http: \"off\"", { $0.http == nil }),
        ("http: no", { $0.http == nil }),
        ("http: 127.0.0.1:8080", { $0.http == ListenAddress("127.0.0.1:8080") }),
        ("http: \"[::1]:8080\"", { $0.http == ListenAddress("[::1]:8080") }),
        ("open: true", { $0.firstRun.isOpen }),
        ("open: yes", { $0.firstRun.isOpen }),
        ("open: false", { !$0.firstRun.isOpen }),
        ("open: \"yes\"", { $0.firstRun.isOpen }),
        ("ca-name: 2026", { $0.firstRun.caName == "2026" }),
        ("ca-name: 'CA: one'", { $0.firstRun.caName == "CA: one" }),
        ("host-name: ca.example", { $0.hostNames == ["ca.example"] }),
        ("host-name: [1, 2]", { $0.hostNames == ["1", "2"] }),
        ("host-name: []", { $0.hostNames.isEmpty }),
        ("host-name: [192.0.2.1, \"2001:db8::1\"]", { $0.hostNames == ["192.0.2.1", "2001:db8::1"] }),
        ("unknown: setting", { $0.https?.port == 8443 }),
    ]

    @Test("has numbers, truth values, texts and lists", arguments: files.indices)
    func kinds(_ index: Int) async throws {
        let (yaml, check) = Self.files[index]
        #expect(check(try await configuration(yaml: yaml)), "\(yaml)")
    }
}
