import Foundation
import Testing

@testable import Server

@Suite("A one-time code")
struct TOTPTests {
    static let codes = TOTP(secret: Array("12345678901234567890".utf8))

    /// RFC 6238 Appendix B, of whose eight digits the last six are ours.
    static let vectors: [(seconds: TimeInterval, code: String)] = [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ]

    @Test("is the one of RFC 6238", arguments: vectors.indices)
    func times(index: Int) {
        let (seconds, code) = Self.vectors[index]
        let date = Date(timeIntervalSince1970: seconds)
        #expect(Self.codes.code(step: TOTP.step(at: date)) == String(code.suffix(6)))
        #expect(Self.codes.step(of: String(code.suffix(6)), at: date, after: nil) == Int64(seconds / 30))
        #expect(Self.codes.step(of: code, at: date, after: nil) == nil)
    }

    /// RFC 4226 Appendix D.
    static let counters = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
    ]

    @Test("of a counter is the one of RFC 4226", arguments: counters.indices)
    func counter(index: Int) {
        #expect(Self.codes.code(step: Int64(index)) == Self.counters[index])
    }

    @Test("is good half a minute early or late, and no more", arguments: -3...3)
    func window(steps: Int) {
        let date = Date(timeIntervalSince1970: 1_800_000_000)
        let now = TOTP.step(at: date)
        let code = Self.codes.code(step: now + Int64(steps))
        let isGood = abs(steps) <= 1
        #expect(Self.codes.step(of: code, at: date, after: nil) == (isGood ? now + Int64(steps) : nil))
        // The step lasts from its first to its last millisecond.
        #expect(TOTP.step(at: date.addingTimeInterval(29.999)) == now)
        #expect(TOTP.step(at: date.addingTimeInterval(30)) == now + 1)
    }

    @Test("is good once, and none before it is good any more")
    func replay() {
        let date = Date(timeIntervalSince1970: 1_800_000_000)
        let now = TOTP.step(at: date)
        for step in now - 1...now + 1 {
            let code = Self.codes.code(step: step)
            #expect(Self.codes.step(of: code, at: date, after: step - 1) == step)
            #expect(Self.codes.step(of: code, at: date, after: step) == nil)
            #expect(Self.codes.step(of: code, at: date, after: .max) == nil)
        }
    }

    static let senseless = [
        "", " ", "75522", "7552244", "75522a", "７５５２２４", "75522\u{0}", "-75522", "+75522", "755224\n",
        String(repeating: "7", count: 1_000_000), "e75522", "0x7552", "\u{301}755224",
    ]

    @Test("is six digits, between which blanks do not matter", arguments: senseless)
    func form(code: String) {
        let date = Date(timeIntervalSince1970: 0)
        #expect(Self.codes.step(of: code, at: date, after: nil) == nil)
        #expect(Self.codes.step(of: " 755 224 ", at: date, after: nil) == 0)
    }

    @Test("is asked for at any time without harm", arguments: [-1e300, -1, 0, 29.9, 1e14, 1e18, 1e300])
    func extremes(seconds: TimeInterval) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(TOTP.step(at: date) >= 0)
        _ = Self.codes.step(of: "000000", at: date, after: nil)
    }

    @Test("is made from 160 bits that are never the same")
    func generated() {
        let secrets = (0..<100).map { _ in TOTP.generate().secret }
        #expect(secrets.allSatisfy { $0.count == 20 })
        #expect(Set(secrets).count == 100)
    }

    @Test("is set up by an address in which nothing of a name has a meaning")
    func address() {
        #expect(
            Self.codes.address(of: "alice", issuer: "UCM")
                == "otpauth://totp/UCM:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=UCM&algorithm=SHA1&digits=6"
                + "&period=30")
        let hostile = Self.codes.address(of: "a&secret=X?#:/ü@b.c", issuer: "A B")
        #expect(hostile.hasPrefix("otpauth://totp/A%20B:a%26secret%3DX%3F%23%3A%2F%C3%BC%40b.c?secret=GEZD"))
    }
}

@Suite("Base32")
struct Base32Tests {
    /// RFC 4648 §10, without the padding.
    static let vectors: [(text: String, encoded: String)] = [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ]

    @Test("is the one of RFC 4648", arguments: vectors.indices)
    func known(index: Int) {
        let (text, encoded) = Self.vectors[index]
        #expect(Base32.encode(Array(text.utf8)) == encoded)
        let padded = encoded + String(repeating: "=", count: (8 - encoded.count % 8) % 8)
        let spaced = encoded.map { "\($0) " }.joined() + "-"
        for written in [encoded, padded, encoded.lowercased(), spaced] {
            #expect(Base32.decode(written) == Array(text.utf8))
        }
    }

    @Test("is read back as it was written", arguments: 0...64)
    func roundTrip(length: Int) {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ length) }
        #expect(Base32.decode(Base32.encode(bytes)) == bytes)
    }

    @Test(
        "is nothing else",
        arguments: [
            "M", "MZX", "MZXW6Y", "MZ", "M1", "M8", "M!", "MÄ", "=MY", "M=Y", "MY=======", "MY======MY", "MY\n",
            "\u{0}",
        ]
    )
    func senseless(text: String) {
        #expect(Base32.decode(text) == nil)
    }
}
