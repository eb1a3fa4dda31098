import TestSupport
import Testing

@testable import Server

@Suite("A setting that is wrong")
struct BadConfigurationTests {
    static let values: [(name: String, value: String, cure: String)] = [
        ("https", "abc", "PORT, HOST:PORT or off"),
        ("https", "70000", "PORT, HOST:PORT or off"),
        ("https", "-1", "PORT, HOST:PORT or off"),
        ("http", "localhost:", "PORT, HOST:PORT or off"),
        ("http", ":8080", "PORT, HOST:PORT or off"),
        ("http", "on", "PORT, HOST:PORT or off"),
        ("log-format", "xml", "text, json"),
        ("ca-key", "rsa1024", "rsa2048, rsa3072, rsa4096, p256, p384"),
        ("ca-key", "RSA2048", "rsa2048, rsa3072, rsa4096, p256, p384"),
        ("algorithm-level", "old", "modern, compatible, legacy"),
        ("scep-mode", "both", "ra, ca"),
        ("open", "maybe", "yes, no, true, false"),
        (
            "trusted-proxy", "proxy.example",
            "wrong at character 1: no IP address; write 10.0.0.0/8, 2001:db8::/32 or a single address"
        ),
        (
            "trusted-proxy", "192.0.2.0/33",
            "wrong at character 11: the prefix length of an IPv4 range is a number from 0 to 32"
        ),
        (
            "trusted-proxy", "192.0.2.7/24",
            "wrong at character 1: the address has bits set behind the prefix; the range it lies in is 192.0.2.0/24"
        ),
    ]

    @Test("is named in one sentence, wherever it comes from", arguments: values.indices, Source.allCases)
    func sentence(_ index: Int, source: Source) async throws {
        let (name, value, cure) = Self.values[index]
        let sentence = try await startupError { try await source.configuration(name, value) }
        #expect(sentence.hasPrefix("--\(name) is \"\(value)\""))
        #expect(sentence.hasSuffix(cure))
        #expect(!sentence.contains("\n"))
    }

    @Test(
        "together with another is named too",
        arguments: [
            (["https": "off"], "--https"),
            (["https": "off", "http": "off"], "--http"),
            (["tls-cert": "/c.pem"], "--tls-key"),
            (["tls-key": "/k.pem"], "--tls-cert"),
            (["scep-mode": "ca", "ca-key": "p256"], "--scep-mode"),
            (["trusted-proxy": "10.0.0.1,10.0.0.x"], "--trusted-proxy is \"10.0.0.x\""),
            (["trusted-proxy": "0.0.0.0/0"], "--trusted-proxy holds every address"),
            (["trusted-proxy": "::1,0.0.0.0/1,128.0.0.0/1"], "--trusted-proxy holds every address"),
        ]
    )
    func combinations(flags: [String: String], named: String) async throws {
        let sentence = try await startupError { try await configuration(flags: flags) }
        #expect(sentence.contains(named))
        #expect(!sentence.contains("\n"))
    }

    @Test("is a configuration file that is not there")
    func missingFile() async throws {
        let sentence = try await startupError { try await configuration(flags: ["config": "/nowhere/ucm.yaml"]) }
        #expect(sentence.contains("/nowhere/ucm.yaml"))
        #expect(!sentence.contains("\n"))
    }

    @Test(
        "is a configuration file that is no YAML", arguments: ["https: [1", "- a\n- b\n", "a: b: c"])
    func brokenFile(yaml: String) async throws {
        let sentence = try await startupError { try await configuration(yaml: yaml) }
        #expect(sentence.contains("ucm.yaml"))
    }

    @Test(
        "is one of another kind in the file, and is not passed over in silence",
        arguments: [
            ("https: [1, 2]", "https"), ("https: 84.43", "https"), ("https: [a]", "https"),
            ("ca-key: [p256]", "ca-key"), ("log-format: 1.5", "log-format"), ("ca-name: [A, B]", "ca-name"),
            ("challenge-file: [/a]", "challenge-file"), ("trusted-proxy: [1, 2]", "trusted-proxy"),
            ("trusted-proxy: [1.5]", "trusted-proxy"),
        ]
    )
    func otherKinds(yaml: String, name: String) async throws {
        let sentence = try await startupError { try await configuration(yaml: yaml) }
        #expect(sentence.contains("--\(name)"))
    }
}
