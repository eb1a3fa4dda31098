import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("What stands for a CA in addresses")
struct AuthoritySlugTests {
    static let names: [(name: String, slug: String)] = [
        ("UCM CA", "ucm-ca"), ("ucm-ca", "ucm-ca"), ("  A   B ", "a-b"), ("A/B\\C", "a-b-c"), ("../..", ""),
        ("%2e%2e", "2e-2e"), ("日本", ""), ("Größe", "gr-e"), ("", ""), ("-", ""), ("Example Root G2", "example-root-g2"),
        ("a.b.crl", "a-b-crl"), ("e\u{301}", ""), ("x\u{0}y", "x-y"), ("x\r\ny", "x-y"), ("\u{212a}", "k"),
        ("A\u{200d}B", "b"), ("①", ""), ("٣", ""), ("\u{202e}abc", "abc"),
    ]

    @Test("is made of small letters and digits with hyphens between the words", arguments: Self.names.indices)
    func single(row: Int) {
        let (name, slug) = Self.names[row]
        #expect(AuthoritySlug.of(name) == slug)
        #expect(AuthoritySlug.of(slug) == slug)
    }

    static func records(_ names: [String], from first: Int64 = 1) -> [AuthorityRecord] {
        names.enumerated().map { AuthorityRecord(id: first + Int64($0), name: $1, certificate: [], sealedKey: []) }
    }

    static let sameNames: [(names: [String], slugs: [String])] = [
        (["UCM CA", "UCM-CA", "ucm ca"], ["ucm-ca", "ucm-ca-2", "ucm-ca-3"]), (["日本", "中国"], ["ca-1", "ca-2"]),
        // One is called what another one would be given.
        (["ca 2", "日本"], ["ca-2", "ca-2-2"]), (["日本", "ca 1"], ["ca-1", "ca-1-2"]),
        (["A", "A 3", "a"], ["a", "a-3", "a-3-3"]), (["a", "A", "a-2"], ["a", "a-2", "a-2-3"]),
        (["ca 3", "ca 3 3", "日本"], ["ca-3", "ca-3-3", "ca-3-3-3"]),
    ]

    @Test("is another one for each, the oldest one's own", arguments: Self.sameNames.indices)
    func collisions(row: Int) {
        let (names, expected) = Self.sameNames[row]
        let slugs = AuthoritySlug.all(Self.records(names))
        #expect((1...Int64(names.count)).map { slugs[$0] ?? "" } == expected)
    }

    @Test("stays what it is, whichever CAs come later, and no two have the same one")
    func stability() {
        var generator = SeededGenerator(seed: 5)
        let words = ["a", "A", "ca", "1", "2", "3", "ca 2", "a-3", "日本", "é", "ca-4", "-", "a 3 3", "ca 5 5"]
        for _ in 0..<300 {
            var names: [String] = []
            var before: [Int64: String] = [:]
            for _ in 0..<8 {
                names.append(words.randomElement(using: &generator) ?? "")
                let slugs = AuthoritySlug.all(Self.records(names))
                #expect(slugs.count == names.count)
                #expect(Set(slugs.values).count == names.count)
                #expect(slugs.values.allSatisfy { !$0.isEmpty })
                for (id, slug) in before { #expect(slugs[id] == slug) }
                before = slugs
            }
        }
    }

    @Test("stands for its CA everywhere, and a CA's own name goes before it")
    func reference() async throws {
        try await LiveInstallation.run { live in
            try await live.create("日本")
            let description = try await live.administration.authorityDescription("ca-2")
            #expect(description.name == "日本")
            // One whose address would be another one's gets a number behind it, and is found by its name.
            try await live.create("ca-2")
            #expect(try await live.administration.authorityDescription("ca-2").slug == "ca-2-3")
            let certificate = try await live.issue(by: "ca-2")
            #expect(certificate.chain.first == (try live.authority("ca-2").issuer.certificate.encoded))
            try await live.administration.retireAuthority("ca-2", by: "anna", at: live.now)
            let all = try await live.administration.authorityDescriptions()
            #expect(all.filter { $0.retiredAt != nil }.map(\.name) == ["ca-2"])
        }
    }
}
