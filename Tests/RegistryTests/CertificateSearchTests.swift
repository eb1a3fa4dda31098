import Foundation
import Testing

@testable import Registry

@Suite("A name that is searched for", .freshDatabase)
struct CertificateSearchTests {
    /// Names that mean something to LIKE, to SQL or to nobody.
    static let names = [
        "%", "_", "\\", "%%", "\\%", "100% real", "a_b", "a\\b", "a\u{0}b", "\u{0}", "'; DROP TABLE event; --", "$1",
        "",
        "\n", "a\nb", "\r\n", "MÜLLER", "ΟΔΟΣ", "İSTANBUL", "ẞ", "🙂", "e\u{301}", "\u{202e}gnp", "*.Example.COM",
        String(repeating: "%", count: 3_000), String(repeating: "a", count: 3_000_000),
    ]

    /// The numbers of those that are stored as the same as one.
    static func same(as index: Int) -> [Int] {
        Self.names.indices.filter { SearchText.folded(Self.names[$0]) == SearchText.folded(Self.names[index]) }
    }

    private static func fill(_ registry: Registry) async throws -> [Int64] {
        _ = try await registry.install()
        var ids: [Int64] = []
        for (number, name) in Self.names.enumerated() {
            var certificate = TestRecords.certificate(number)
            certificate.subject = "O=x"
            certificate.names = ["before", name, "after"]
            ids.append(try await registry.issue(certificate))
        }
        return ids
    }

    @Test("is found as a whole in any case, and nothing else is", arguments: DatabaseDriver.available)
    func wholes(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let ids = try await Self.fill(registry)
        for (index, name) in Self.names.enumerated() {
            for variant in [name, name.uppercased(), name.lowercased()]
            where SearchText.folded(variant) == SearchText.folded(name) {
                let page = try await registry.certificates(
                    CertificateFilter(name: variant), at: TestRecords.now, limit: 100)
                let found = page.map(\.id)
                #expect(Set(found) == Set(Self.same(as: index).map { ids[$0] }), "\(index)")
            }
        }
        let all = try await registry.certificates(CertificateFilter(name: "BEFORE"), at: TestRecords.now, limit: 100)
        #expect(all.count == ids.count)
    }

    @Test("is found in part in any case", arguments: DatabaseDriver.available)
    func parts(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let ids = try await Self.fill(registry)
        for name in Self.names where name != "" && !name.contains("\n") && name.utf8.count < 2_000 {
            let part = SearchText.folded(name)
            let expected = Self.names.indices.filter { index in
                let stored = SearchText.folded(Self.names[index])
                return Array(stored.unicodeScalars).contains(Array(part.unicodeScalars))
            }
            let page = try await registry.certificates(
                CertificateFilter(search: name), at: TestRecords.now, limit: 100)
            #expect(Set(page.map(\.id)) == Set(expected.map { ids[$0] }), "\(name)")
        }
        // What everything contains; and the subject, which has no name after it.
        for search in ["", "before", "O=X"] {
            let filter = CertificateFilter(origins: [.scep], search: search)
            #expect(try await registry.certificateCount(filter, at: TestRecords.now) == ids.count)
        }
        #expect(try await registry.certificateCount(CertificateFilter(name: "o=x"), at: TestRecords.now) == 0)
    }

    @Test("never breaks the statement, whatever the filter says", arguments: DatabaseDriver.available, names.indices)
    func hostile(_ driver: DatabaseDriver, index: Int) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let text = Self.names[index]
        for filter in [
            CertificateFilter(profile: text), CertificateFilter(template: text), CertificateFilter(device: text),
            CertificateFilter(name: text, search: text),
        ] {
            let page = try await registry.certificates(filter, at: TestRecords.now, limit: 10)
            #expect(page.isEmpty)
        }
    }

    @Test("among too many is found if it is one of the first", arguments: DatabaseDriver.available)
    func many(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        var certificate = TestRecords.certificate(1)
        certificate.names = (0..<100_000).map { "host\($0).example" }
        let id = try await registry.issue(certificate)
        let stored = try #require(try await registry.certificate(id)).certificate.names
        #expect(stored == Array(certificate.names.prefix(stored.count)))
        #expect(stored.count > 1_000)
        #expect(stored.joined().utf8.count < 20_000)
        for (name, count) in [("host7.example", 1), ("host99999.example", 0)] {
            #expect(try await registry.certificateCount(CertificateFilter(name: name), at: TestRecords.now) == count)
        }
    }

    @Test("of before names were recorded is found in the subject", arguments: DatabaseDriver.available)
    func old(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let id = try await registry.issue(TestRecords.certificate(1))
        _ = try await registry.database.write {
            try $0.execute("UPDATE certificate SET names = '', subject = 'CN=Old_1' WHERE id = $1", [.integer(id)])
        }
        for (search, count) in [("OLD_", 1), ("old%", 0), ("n=o", 1)] {
            let filter = CertificateFilter(search: search)
            #expect(try await registry.certificateCount(filter, at: TestRecords.now) == count)
        }
        #expect(try await registry.certificate(id)?.certificate.names == [])
    }

    static let texts: [(names: [String], subject: String, text: String)] = [
        ([], "", "\n"), ([], "CN=A", "\ncn=a"), (["A"], "CN=A", "\na\ncn=a"), (["", "B"], "", "\n\nb\n"),
        (["A\nB"], "C\nD", "\na\u{FFFD}b\nc\u{FFFD}d"), (["\r\n"], "\u{0}", "\n\r\u{FFFD}\n\u{FFFD}"),
    ]

    @Test("is stored in small letters in a line of its own", arguments: texts.indices)
    func stored(index: Int) {
        let (names, subject, text) = Self.texts[index]
        let stored = SearchText.stored(names: names, subject: subject)
        #expect(Array(stored.unicodeScalars) == Array(text.unicodeScalars))
        #expect(SearchText.names(stored) == names.map(SearchText.folded))
    }
}
