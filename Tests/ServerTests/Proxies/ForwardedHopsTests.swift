import CertificateAuthority
import TestSupport
import Testing

@testable import Server

/// What proxies write into headers, and what others write into them.
@Suite("The hops in a header")
struct ForwardedHopsTests {
    /// The addresses as text; `-` for a hop that is none.
    private static func text(_ hops: ForwardedHops) -> [String] { hops.addresses.map { $0.map { "\($0)" } ?? "-" } }

    @Test(
        "of X-Forwarded-For",
        arguments: [
            (["192.0.2.7"], ["192.0.2.7"]), (["192.0.2.7, 10.0.0.1"], ["192.0.2.7", "10.0.0.1"]),
            (["192.0.2.7,10.0.0.1"], ["192.0.2.7", "10.0.0.1"]),
            ([" \t192.0.2.7\t ,\t10.0.0.1 "], ["192.0.2.7", "10.0.0.1"]),
            (["192.0.2.7", "198.51.100.1, 10.0.0.1"], ["192.0.2.7", "198.51.100.1", "10.0.0.1"]),
            (["192.0.2.7:4711"], ["192.0.2.7"]), (["2001:db8::1"], ["2001:db8::1"]),
            (["[2001:db8::1]"], ["2001:db8::1"]), (["[2001:db8::1]:443"], ["2001:db8::1"]),
            (["2001:DB8:0:0::1"], ["2001:db8::1"]), (["::ffff:192.0.2.7"], ["192.0.2.7"]),
            (["[::ffff:c000:207]:1"], ["192.0.2.7"]), (["192.0.2.7:_hidden"], ["192.0.2.7"]),
        ] as [([String], [String])]
    )
    func xForwardedFor(lines: [String], hops: [String]) {
        #expect(Self.text(ForwardedHops(xForwardedFor: lines)) == hops)
    }

    @Test(
        "of X-Forwarded-For that are no addresses",
        arguments: [
            "", " ", "unknown", "_hidden", "router.example", "192.0.2", "192.0.2.256", "192.0.2.007", "0xc0000207",
            "3221225991", "192.0.2.7/32", "192.0.2.7:", "192.0.2.7:123456", "192.0.2.7:-1", "192.0.2.7:_",
            "192.0.2.7 x",
            "192.0.2.7:80:80", "[192.0.2.7]", "[2001:db8::1", "2001:db8::1]", "[2001:db8::1]443", "[2001:db8::1]:",
            "[fe80::1%25eth0]", "fe80::1%eth0", "[]", "[:80", ":", ":80", "\"192.0.2.7\"", "for=192.0.2.7",
            "192.0.2.7;",
            "192.0.2.7\u{0}", "[::1\u{0}]", "192.0.2.7\u{a0}", "１92.0.2.7", "192.0.2.7\n",
        ])
    func unreadable(line: String) {
        #expect(Self.text(ForwardedHops(xForwardedFor: [line])) == ["-"])
    }

    @Test(
        "of Forwarded",
        arguments: [
            (["for=192.0.2.7"], ["192.0.2.7"]), (["For=192.0.2.7"], ["192.0.2.7"]),
            (["FOR=\"192.0.2.7\""], ["192.0.2.7"]),
            (["for=\"192.0.2.7:47011\""], ["192.0.2.7"]), (["for=192.0.2.7:47011"], ["192.0.2.7"]),
            (["For=\"[2001:db8:cafe::17]:4711\""], ["2001:db8:cafe::17"]), (["for=\"[2001:db8::1]\""], ["2001:db8::1"]),
            (["for=[2001:db8::1]:80"], ["2001:db8::1"]), (["for=\"[::ffff:192.0.2.7]\""], ["192.0.2.7"]),
            (["for=192.0.2.60;proto=http;by=203.0.113.43"], ["192.0.2.60"]),
            (["proto=http; by=203.0.113.43 ;\tFor=192.0.2.60"], ["192.0.2.60"]),
            (["for=192.0.2.43, for=198.51.100.17"], ["192.0.2.43", "198.51.100.17"]),
            (["for=192.0.2.43,for=198.51.100.17", "for=10.0.0.1"], ["192.0.2.43", "198.51.100.17", "10.0.0.1"]),
            (["for=192.0.2.7;host=\"a,b;for=1.2.3.4\""], ["192.0.2.7"]), (["host=a:80;for=192.0.2.7;"], ["192.0.2.7"]),
            (["for=192.0.2.7;x=\"\\\",for=1.2.3.4\""], ["192.0.2.7"]), (["for=\"\\1\\92.0.2.7\""], ["192.0.2.7"]),
            (["for=\"192.0.2.7:_a.B-9\""], ["192.0.2.7"]),
        ] as [([String], [String])]
    )
    func forwarded(lines: [String], hops: [String]) {
        #expect(Self.text(ForwardedHops(forwarded: lines)) == hops)
    }

    @Test(
        "of Forwarded that are no addresses",
        arguments: [
            "", ";", "for", "for=", "for=\"\"", "for=unknown", "for=_SEVKISEK", "for=\"_gazonk\"", "for=\"unknown:80\"",
            "by=192.0.2.7", "by=\"for=192.0.2.7\"", "for=192.0.2.7;for=198.51.100.1", "for=192.0.2.7;For=192.0.2.7",
            "for=2001:db8::1", "for=\"2001:db8::1\"", "for =192.0.2.7", "for= 192.0.2.7", "for=\"192.0.2.7",
            "for=192.0.2.7\"",
            "for=\"192.0.2.7\"x", "for=\"192.0.2.7\" ;x", "for=192.0.2.7;x", "for=19\"2.0\".2.7", "for=\"192.0.2.7\\",
            "for='192.0.2.7'", "for=192.0.2.7 x", "fo=192.0.2.7", "xfor=192.0.2.7", "192.0.2.7", "for==192.0.2.7",
            "for=\"192.0.2.7\u{0}\"", "for=\" 192.0.2.7\"", "for=192.0.2.7;a=b c",
        ])
    func unreadableForwarded(line: String) {
        #expect(Self.text(ForwardedHops(forwarded: [line])) == ["-"])
    }

    @Test("stay apart, the last one always being what the last proxy wrote")
    func last() {
        let real = ["for=192.0.2.7", "for=\"192.0.2.7:80\"", "for=192.0.2.7;by=\"[::1]\";proto=https"]
        let claims = [
            "x=\"", "for=1.2.3.4;x=\"", "for=1.2.3.4;x=\"\\", "for=\"1.2.3.4", "for=1.2.3.4;x=\"\"\"", "\\",
            "for=1.2.3.4\\",
            "for=1.2.3.4;x=\"a\\\"", ",,,", "for=1.2.3.4;", "for=", "\"\\\"", "for=1.2.3.4,\"",
        ]
        for claim in claims {
            for real in real {
                for lines in [["\(claim), \(real)"], ["\(claim),\(real)"], [claim, real]] {
                    let last = ForwardedHops(forwarded: lines).addresses.last.flatMap(\.self)
                    #expect(last == nil || last?.description == "192.0.2.7", "\(lines)")
                }
            }
        }
        for claim in claims {
            #expect(ForwardedHops(xForwardedFor: [claim, "192.0.2.7"]).addresses.last??.description == "192.0.2.7")
        }
    }

    @Test("are not read without end")
    func limits() {
        let many = [String](repeating: "192.0.2.7", count: 1000)
        let hops = ForwardedHops(xForwardedFor: Array(many.prefix(400)))
        #expect(hops.addresses.count == ForwardedHops.maximumHops + 1)
        #expect(hops.addresses.first.flatMap(\.self) == nil)
        #expect(hops.addresses.dropFirst().allSatisfy { $0?.description == "192.0.2.7" })
        #expect(ForwardedHops(xForwardedFor: Array(many.prefix(32))).addresses.allSatisfy { $0 != nil })
        // A cut somewhere in an address would leave another one.
        #expect(Self.text(ForwardedHops(xForwardedFor: many)) == ["-"])
        #expect(Self.text(ForwardedHops(forwarded: [String(repeating: " ", count: 9000) + "for=192.0.2.7"])) == ["-"])
        #expect(Self.text(ForwardedHops(forwarded: [])) == ["-"])
    }

    @Test("never trap", arguments: [UInt64(1), 2])
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let seeds = ["for=\"[2001:db8::1]:80\";by=_x, For=192.0.2.7;host=\"a\\\",b\"", "[::1]:80, 192.0.2.7:1, ::1"]
        for _ in 0..<3000 {
            var bytes = Array((seeds.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            }
            let line = String(decoding: bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)), as: UTF8.self)
            #expect(!ForwardedHops(forwarded: [line, line]).addresses.isEmpty)
            #expect(!ForwardedHops(xForwardedFor: [line, line]).addresses.isEmpty)
        }
    }
}
