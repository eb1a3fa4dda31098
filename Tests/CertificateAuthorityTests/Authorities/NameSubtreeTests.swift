import Foundation
import Testing

@testable import CertificateAuthority

@Suite("The notation of name constraints")
struct NameSubtreeTests {
    @Test(
        "is read, and written in one way",
        arguments: [
            ("DNS:example.com", "DNS:example.com"), ("dns:Example.COM", "DNS:example.com"), ("DNS:", "DNS:"),
            ("DNS:localhost", "DNS:localhost"), ("email:example.com", "email:example.com"),
            ("EMAIL:.example.com", "email:.example.com"), ("email:Anna@Example.com", "email:Anna@example.com"),
            ("URI:.example.com", "URI:.example.com"), ("uri:example.com", "URI:example.com"),
            ("IP:10.0.0.0/8", "IP:10.0.0.0/8"), ("ip:2001:db8::/32", "IP:2001:db8::/32"),
            ("IP:192.0.2.1", "IP:192.0.2.1"), ("IP:0.0.0.0/0", "IP:0.0.0.0/0"),
            ("dir:O=Example,C=DE", "dir:O=Example, C=DE"), ("DIR:o=a\\, b", "dir:O=a\\, b"),
        ]
    )
    func reading(text: String, written: String) throws {
        let subtree = try NameSubtree(parsing: text)
        #expect(subtree.description == written)
        #expect(try NameSubtree(parsing: written) == subtree)
        #expect(try JSONDecoder().decode([NameSubtree].self, from: JSONEncoder().encode([subtree])) == [subtree])
    }

    @Test(
        "says where it is wrong",
        arguments: [
            ("", 0), ("example.com", 0), ("UPN:example.com", 0), ("*", 0), ("DNS:.example.com", 4), ("DNS:a..b", 4),
            ("DNS:*.example.com", 4), ("DNS:köln.example", 4), ("DNS:a b", 4), ("DNS:a.example.", 4), ("email:", 6),
            ("email:@example.com", 6), ("email:a@", 8), ("email:a@.example.com", 8), ("email:a@b@c", 8), ("email:.", 6),
            ("URI:", 4), ("URI:https://example.com", 4), ("URI:.", 4), ("IP:", 3), ("IP:10.0.0.0/33", 12),
            ("IP:10.0.0.1/8", 3), ("IP:example.com", 3), ("dir:", 4), ("dir:O=", 6), ("dir:Example", 4),
            ("dir:C=Germany", 6), ("DNS:" + String(repeating: "a", count: 64), 4),
            ("DNS:" + String(repeating: "a.", count: 127) + "a", 4),
        ]
    )
    func error(text: String, offset: Int) throws {
        let error = #expect(throws: PolicySyntaxError.self) { try NameSubtree(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.text == text)
    }
}
