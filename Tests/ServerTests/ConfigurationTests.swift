import CertificateAuthority
import Configuration
import Enrollment
import Foundation
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("The configuration")
struct ConfigurationTests {
    @Test("has defaults")
    func defaults() async throws {
        let configuration = try await ServerConfiguration.read(flags: [:], environment: [:])
        #expect(configuration.dataDirectory == "data")
        #expect(configuration.https == ListenAddress("0.0.0.0:8443"))
        #expect(configuration.http == nil)
        #expect(configuration.hostNames.isEmpty)
        #expect(configuration.trustedProxies.isEmpty)
        #expect(configuration.tlsFiles == nil)
        #expect(configuration.masterKeyFile == nil)
        #expect(configuration.masterKey == nil)
        #expect(configuration.logFormat == .text)
        let first = configuration.firstRun
        #expect(first.caKey == .rsa3072)
        #expect(first.caName == "UCM CA")
        #expect(first.algorithmLevel == .compatible)
        #expect(!first.answersInCAMode)
        #expect(!first.isOpen)
        #expect(first.challengeFile == nil)
        #expect(first.adminPasswordFile == nil)
    }

    typealias Check = @Sendable (ServerConfiguration) -> Bool

    static let settings: [(name: String, value: String, check: Check)] = [
        ("https", "9443", { $0.https == ListenAddress("9443") }),
        ("https", "127.0.0.1:0", { $0.https == ListenAddress("127.0.0.1:0") }),
        ("http", "[::1]:8080", { $0.http == ListenAddress("[::1]:8080") }),
        ("http", "off", { $0.http == nil && $0.https != nil }),
        ("host-name", "ca.example", { $0.hostNames == ["ca.example"] }),
        ("trusted-proxy", "192.0.2.7", { $0.trustedProxies.map(\.description) == ["192.0.2.7"] }),
        ("trusted-proxy", "2001:db8::/32", { $0.trustedProxies.map(\.description) == ["2001:db8::/32"] }),
        ("master-key-file", "/run/secrets/key", { $0.masterKeyFile == "/run/secrets/key" }),
        ("master-key", "c2VjcmV0", { $0.masterKey == "c2VjcmV0" }),
        ("log-format", "json", { $0.logFormat == .json }),
        ("log-format", "text", { $0.logFormat == .text }),
        ("ca-key", "rsa2048", { $0.firstRun.caKey == .rsa2048 }),
        ("ca-key", "rsa4096", { $0.firstRun.caKey == .rsa4096 }),
        ("ca-key", "p256", { $0.firstRun.caKey == .p256 }),
        ("ca-key", "p384", { $0.firstRun.caKey == .p384 }),
        ("ca-name", "Example, Ltd. CA", { $0.firstRun.caName == "Example, Ltd. CA" }),
        ("algorithm-level", "modern", { $0.firstRun.algorithmLevel == .modern }),
        ("algorithm-level", "legacy", { $0.firstRun.algorithmLevel == .legacy }),
        ("scep-mode", "ca", { $0.firstRun.answersInCAMode }),
        ("scep-mode", "ra", { !$0.firstRun.answersInCAMode }),
        ("open", "yes", { $0.firstRun.isOpen }),
        ("open", "true", { $0.firstRun.isOpen }),
        ("open", "no", { !$0.firstRun.isOpen }),
        ("open", "false", { !$0.firstRun.isOpen }),
        ("challenge-file", "/c", { $0.firstRun.challengeFile == "/c" }),
        ("admin-password-file", "/p", { $0.firstRun.adminPasswordFile == "/p" }),
    ]

    @Test("takes each setting from a flag, a variable and the file alike", arguments: settings.indices, Source.allCases)
    func isTaken(_ index: Int, from source: Source) async throws {
        let (name, value, check) = Self.settings[index]
        #expect(check(try await source.configuration(name, value)), "\(name) \(value)")
    }

    @Test("takes several host names")
    func hostNames() async throws {
        #expect(
            try await configuration(flags: ["host-name": "a.example,b.example"]).hostNames == [
                "a.example", "b.example",
            ])
        #expect(
            try await configuration(environment: ["UCM_HOST_NAME": "a.example,b.example"]).hostNames
                == ["a.example", "b.example"]
        )
        #expect(
            try await configuration(yaml: "host-name: [a.example, b.example]").hostNames == ["a.example", "b.example"]
        )
        #expect(
            try await configuration(yaml: "host-name:\n  - a.example\n  - 192.0.2.1\n").hostNames
                == ["a.example", "192.0.2.1"]
        )
    }

    @Test(
        "takes several proxies",
        arguments: [
            (["trusted-proxy": "10.0.0.7,2001:db8::/32"], [:], nil),
            ([:], ["UCM_TRUSTED_PROXY": "10.0.0.7,2001:db8::/32"], nil),
            ([:], [:], "trusted-proxy: [10.0.0.7, \"2001:db8::/32\"]"),
            ([:], [:], "trusted-proxy:\n  - 10.0.0.7\n  - 2001:db8::/32\n"),
        ] as [([String: String], [String: String], String?)]
    )
    func proxies(flags: [String: String], environment: [String: String], yaml: String?) async throws {
        let proxies = try await configuration(flags: flags, environment: environment, yaml: yaml).trustedProxies
        #expect(proxies.map(\.description) == ["10.0.0.7", "2001:db8::/32"])
    }

    @Test("takes a pair of TLS files")
    func tlsFiles() async throws {
        let files = try await configuration(flags: ["tls-cert": "/c.pem"], environment: ["UCM_TLS_KEY": "/k.pem"])
            .tlsFiles
        #expect(files?.certificate == "/c.pem")
        #expect(files?.key == "/k.pem")
    }

    @Test("believes flags before variables, and variables before the file")
    func precedence() async throws {
        let variables = ["UCM_CA_NAME": "variable", "UCM_HTTPS": "2"]
        let yaml = "ca-name: file\nhttps: 3\nhttp: 4\nhost-name: [c]\n"
        let all = try await configuration(flags: ["ca-name": "flag"], environment: variables, yaml: yaml)
        #expect(all.firstRun.caName == "flag")
        #expect(all.https?.port == 2)
        #expect(all.http?.port == 4)
        #expect(all.hostNames == ["c"])
        let names = try await configuration(environment: ["UCM_HOST_NAME": "b"], yaml: yaml).hostNames
        #expect(names == ["b"])
        #expect(try await configuration(environment: variables, yaml: yaml).firstRun.caName == "variable")
        #expect(try await configuration(yaml: yaml).firstRun.caName == "file")
    }

    @Test("takes an empty value for none")
    func empty() async throws {
        let configuration = try await configuration(
            environment: ["UCM_CA_NAME": "", "UCM_HTTPS": "", "UCM_CHALLENGE_FILE": "", "UCM_TRUSTED_PROXY": ""]
        )
        #expect(configuration.firstRun.caName == "UCM CA")
        #expect(configuration.https?.port == 8443)
        #expect(configuration.firstRun.challengeFile == nil)
        #expect(configuration.trustedProxies.isEmpty)
    }

    @Test("takes the data directory from a variable, and other variables not at all")
    func environment() async throws {
        let configuration = try await configuration(
            environment: ["UCM_DATA": "/var/lib/ucm", "HTTPS": "1", "HOME": "/root", "UCMHTTPS": "2"]
        )
        #expect(configuration.dataDirectory == "/var/lib/ucm")
        #expect(configuration.https?.port == 8443)
    }
}
