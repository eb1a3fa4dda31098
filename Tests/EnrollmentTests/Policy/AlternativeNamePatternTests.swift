import CertificateAuthority
import Enrollment
import Foundation
import Testing

@Suite("A pattern for SANs")
struct AlternativeNamePatternTests {
    private static func matches(_ pattern: String, _ name: String) throws -> Bool {
        try AlternativeNamePattern(parsing: pattern).matches(try #require(try AskedNames.name(name)))
    }

    @Test(
        "matches",
        arguments: [
            ("*", "DNS:anything"), ("*", "email:\"a@b\"@c"), ("*", "IP:192.0.2.1"), ("*", "UPN:\0"), ("*", "other:"),
            ("DNS:*.example.com", "DNS:Device.example.COM"), ("dns:**.example.com", "DNS:a.b.example.com"),
            ("DNS:example.com", "DNS:example.com"), (#"DNS:\*.example.com"#, "DNS:*.example.com"),
            ("DNS:**", "DNS:a.b.c"), ("DNS:xn--mller-kva.example", "DNS:xn--mller-kva.example"),
            ("email:*@example.com", "email:someone@example.com"), ("email:*@example.com", "email:Someone@EXAMPLE.com"),
            ("email:**@example.com", "email:first.last@example.com"),
            ("email:*.*@example.com", "email:a.b@example.com"),
            ("email:*@*.example.com", "email:a@b.example.com"), ("email:**", "email:a.b@c.d"),
            ("email:a+*@example.com", "email:a+tag@example.com"),
            ("UPN:*@example.com", "UPN:someone@example.com"), ("UPN:**@example.com", "UPN:first.last@example.com"),
            ("upn:Jörg@example.com", "UPN:jörg@example.com"), ("UPN:**", "UPN:ü@example"),
            ("URI:https://example.com/**", "URI:https://example.com/a/b.c?d=e&f@g#h"),
            ("URI:https://*.example.com/**", "URI:HTTPS://device.example.com/x"),
            ("URI:https://**.example.com/**", "URI:https://a.b.example.com/x"),
            ("URI:https://**", "URI:https://a.b:8443/x"), ("URI:**", "URI:urn:x:y"),
            ("URI:https://*/", "URI:https://a/"),
            ("URI:https://*:*/**", "URI:https://a:8443/x"), ("URI:urn:uuid:*", "URI:urn:uuid:f81d4fae-7dec"),
            ("URI:spiffe://example.com/ns/*/sa/*", "URI:spiffe://example.com/ns/a/sa/b"),
            ("URI:https://**/**", "URI:https://a.b/.well-known/..a"),
            ("IP:10.0.0.0/8", "IP:10.1.2.3"), ("ip:192.0.2.1", "IP:192.0.2.1"), ("IP:2001:db8::/32", "IP:2001:db8::7"),
        ]
    )
    func match(pattern: String, name: String) throws {
        #expect(try Self.matches(pattern, name))
    }

    @Test(
        "does not match",
        arguments: [
            // another kind
            ("DNS:**", "email:a@b"), ("email:**", "UPN:a@b"), ("UPN:**", "email:a@b"), ("URI:**", "DNS:a"),
            ("IP:0.0.0.0/0", "DNS:10.0.0.1"), ("DNS:**", "IP:10.0.0.1"), ("DNS:**", "other:"),
            // hosts
            ("DNS:*.example.com", "DNS:a.b.example.com"), ("DNS:*.example.com", "DNS:example.com"),
            ("DNS:*.example.com", "DNS:*.example.com"), ("DNS:**.example.com", "DNS:*.a.example.com"),
            ("DNS:*.example.com", "DNS:a.example.com."), ("DNS:**", "DNS:a..b"), ("DNS:**", "DNS:.a"),
            ("DNS:**", "DNS:a."),
            ("DNS:**", "DNS:"), ("DNS:**.example.com", "DNS:evil.example/.example.com"), ("DNS:**", "DNS:a b"),
            ("DNS:**.example.com", "DNS:evil.example\0.example.com"), ("DNS:**", "DNS:a\n"), ("DNS:**", "DNS:é"),
            ("DNS:**", "DNS:a@b"), ("DNS:**", "DNS:" + String(repeating: "a", count: 1001)),
            // addresses
            ("email:*@example.com", "email:first.last@example.com"), ("email:*@example.com", "email:@example.com"),
            ("email:**@example.com", "email:a@evil.example@example.com"),
            ("email:**@example.com", "email:a@b@example.com"), ("email:**", "email:a@b@c"), ("email:**", "email:a"),
            ("email:**@example.com", "email:\"a@evil.example\"@example.com"),
            ("email:**@example.com", "email:\"a b\"@example.com"), ("email:**@example.com", "email:a,b@example.com"),
            ("email:**@example.com", "email:a<b>@example.com"), ("email:**@example.com", "email:(a)b@example.com"),
            ("email:**@example.com", "email:a\\b@example.com"), ("email:**@example.com", "email:a b@example.com"),
            ("email:**@example.com", "email:a..b@example.com"), ("email:**@example.com", "email:.a@example.com"),
            ("email:**", "email:a@[192.0.2.1]"), ("email:**", "email:a@"), ("email:**", "email:@b"),
            ("email:**", "email:a@b."), ("email:*@*", "email:a@b.example"), ("email:**", "email:a\0@b"),
            ("UPN:**@example.com", "UPN:a@evil.example@example.com"), ("UPN:**", "UPN:a＠b@example.com"),
            ("UPN:**", "UPN:a b@example.com"), ("UPN:**", "UPN:\"a\"@example.com"), ("UPN:**", "UPN:a\u{202e}@b"),
            ("UPN:**", "UPN:a"), ("UPN:*@example.com", "UPN:a.b@example.com"),
            // URIs
            ("URI:https://example.com/**", "URI:http://example.com/x"),
            ("URI:https://example.com/**", "URI:https://example.com/"),
            ("URI:https://example.com/**", "URI:https://example.com.evil.example/x"),
            ("URI:https://example.com/**", "URI:https://user@example.com/x"),
            ("URI:https://example.com/**", "URI:https://example.com/a/../b"),
            ("URI:https://example.com/**", "URI:https://example.com/a/%2E%2e/b"),
            ("URI:https://example.com/**", "URI:https://example.com/."),
            ("URI:https://example.com/**", "URI:https://example.com/a b"),
            ("URI:https://example.com/**", "URI:https://example.com/\\a"),
            ("URI:https://example.com/*", "URI:https://example.com/a/b"),
            ("URI:https://example.com/*", "URI:https://example.com/a.b"),
            ("URI:https://example.com/*", "URI:https://example.com/a%2fb"),
            ("URI:https://*.example.com/**", "URI:https://evil.example/.example.com/x"),
            ("URI:https://*.example.com/**", "URI:https://localhost/x.example.com/y"),
            ("URI:https://**.example.com/**", "URI:https://evil.example/x.example.com/y"),
            ("URI:https://**.example.com/**", "URI:https://evil.example?x.example.com/y"),
            ("URI:https://**.example.com/**", "URI:https://evil.example#x.example.com/y"),
            ("URI:https://**.example.com/**", "URI:https://evil.example:1.example.com/y"),
            ("URI:https://**.example.com/**", "URI:https://a@b.example.com/y"),
            ("URI:https://**.example.com/**", "URI:https://evil.example%2f.example.com/y"),
            ("URI:https://**.example.com/**", "URI:https://evil.example\\.example.com/y"),
            ("URI:https://example.com**", "URI:https://example.com@evil.example"),
            ("URI:https://**/x", "URI:https://a/b/x"), ("URI:urn:uuid:*", "URI:urn:uuid:a:b"),
            ("URI:**", "URI:"), ("URI:**", "URI:a\0"), ("URI:**", "URI:é"),
            // addresses of the network
            ("IP:10.0.0.0/8", "IP:11.0.0.1"), ("IP:10.0.0.0/8", "IP:2001:db8::1"), ("IP:0.0.0.0/0", "IP:none"),
        ]
    )
    func mismatch(pattern: String, name: String) throws {
        #expect(try !Self.matches(pattern, name))
    }

    @Test(
        "that is none is refused with its place",
        arguments: [
            ("", 0), ("**", 0), ("*.example.com", 0), ("DNS", 0), (":a", 0), ("X:a", 0), ("other:a", 0), (" DNS:a", 0),
            ("DNS:", 4), ("DNS:***", 6), ("DNS:a***", 7), ("DNS: a", 4), ("DNS:a/b", 5), ("DNS:müller.example", 5),
            (#"DNS:\,"#, 4), (#"DNS:a\b"#, 5), ("DNS:" + String(repeating: "a", count: 501), 504),
            ("email:", 6), ("email:*", 6), ("email:example.com", 6), ("email:**example.com", 6),
            ("email:@example.com", 6),
            ("email:a@", 7), ("email:a@b@c", 9), ("email:a b@example.com", 7), ("email:\"a\"@example.com", 6),
            ("email:a@ä.example", 8), ("email:a@b/c", 9),
            ("UPN:*", 4), ("UPN:a@b@c", 7), ("UPN:a b@c", 5),
            ("URI:", 4), ("URI:*", 4), ("URI:example.com/**", 15), ("URI:*://example.com/", 4),
            ("URI://example.com", 4),
            ("URI:https", 4), ("URI:https://a b", 13), ("URI:https://é", 12), ("URI:https://***", 14),
            ("IP:", 3), ("IP:example.com", 3), ("IP:10.0.0.0/33", 12), ("IP:10.0.0.1/8", 3), ("IP:*", 3),
            ("IP:2001:db8::/129", 14),
        ]
    )
    func syntax(text: String, offset: Int) {
        let error = #expect(throws: PolicySyntaxError.self) { try AlternativeNamePattern(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.text == text)
    }

    @Test(
        "is stored as it is written",
        arguments: [
            ("*", "*"), ("dns:*.Example.com", "DNS:*.Example.com"), ("EMAIL:**@example.com", "email:**@example.com"),
            ("upn:a@b", "UPN:a@b"), ("uri:https://a/?b=c,d+e", "URI:https://a/?b=c,d+e"),
            ("ip:10.0.0.0/8", "IP:10.0.0.0/8"),
            (#"DNS:\*.example.com"#, #"DNS:\*.example.com"#), ("IP:192.0.2.1/32", "IP:192.0.2.1"),
        ]
    )
    func stored(text: String, written: String) throws {
        let pattern = try AlternativeNamePattern(parsing: text)
        #expect(pattern.description == written)
        #expect(try AlternativeNamePattern(parsing: written) == pattern)
        let json = try JSONEncoder().encode([pattern])
        #expect(try JSONDecoder().decode([String].self, from: json) == [written])
        #expect(try JSONDecoder().decode([AlternativeNamePattern].self, from: json) == [pattern])
    }
}
