import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("An OCSP request by GET (RFC 6960 §A.1)")
struct OCSPPathTests {
    /// A request whose base64 has `+`, `/` and padding.
    static func request() throws -> (encoded: [UInt8], base64: String) {
        let responder = try TestResponder()
        var generator = SeededGenerator(seed: 1)
        while true {
            let serialNumber = [0x01] + (0..<19).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let encoded = try responder.request([serialNumber, [0x02]]).der
            let base64 = Data(encoded).base64EncodedString()
            if base64.contains("+"), base64.contains("/"), base64.contains("=") { return (encoded, base64) }
        }
    }

    static func escaped(_ text: String, _ characters: String) -> String {
        text.map { characters.contains($0) ? "%" + String($0.asciiValue ?? 0, radix: 16, uppercase: true) : "\($0)" }
            .joined()
    }

    static let forms: [(String, @Sendable (String) -> String)] = [
        ("not escaped", { $0 }),
        ("escaped where it must be", { Self.escaped($0, "+/=") }),
        ("escaped in small letters", { Self.escaped($0, "+/=").replacing("%2B", with: "%2b") }),
        ("escaped altogether", { text in text.utf8.map { "%" + String($0, radix: 16) }.joined() }),
        ("with the padding left out", { $0.replacing("=", with: "") }),
        ("in the alphabet for URLs", { $0.replacing("+", with: "-").replacing("/", with: "_") }),
        ("with spaces where plus signs were", { $0.replacing("+", with: " ") }),
        ("with escaped spaces where plus signs were", { $0.replacing("+", with: "%20") }),
        ("with a slash too many", { "/" + $0 }),
        ("with lines", { "\($0.prefix(64))%0D%0A\($0.dropFirst(64))" }),
    ]

    @Test("is read", arguments: forms.indices)
    func isRead(index: Int) throws {
        let (encoded, base64) = try Self.request()
        let path = Self.forms[index].1(base64)
        #expect(try OCSPRequest.decoded(path: path) == OCSPRequest(derEncoded: encoded), "\(Self.forms[index].0)")
    }

    @Test(
        "is not read where it is none",
        arguments: ["", "/", "%", "%4", "%zz", "%-1", "MEow*", "MEow", "M", "=", "é", "%C3%A9", "crl.pem", "%00"]
    )
    func wrong(path: String) {
        let error = #expect(throws: CMSError.self) { try OCSPRequest.decoded(path: path) }
        #expect(error?.code == .malformed)
    }

    @Test("is unescaped once")
    func once() throws {
        let (_, base64) = try Self.request()
        let twice = Self.escaped(Self.escaped(base64, "+/="), "%")
        let error = #expect(throws: CMSError.self) { try OCSPRequest.decoded(path: twice) }
        #expect(error?.code == .malformed)
    }

    @Test("is not read where it is longer than any request")
    func long() {
        for text in [String(repeating: "A", count: 1_000_000), String(repeating: "MEow", count: 30_000)] {
            let error = #expect(throws: CMSError.self) { try OCSPRequest.decoded(path: text) }
            #expect(error?.code == .tooComplex)
        }
    }

    @Test("cut short is not read, and never traps")
    func truncated() throws {
        let escaped = Self.escaped(try Self.request().base64, "+/=")
        for count in 0..<escaped.count {
            let path = String(escaped.prefix(count))
            // The padding may be left out.
            guard let request = try? OCSPRequest.decoded(path: path) else { continue }
            #expect(request.certificates.count == 2)
            #expect(path.count + 6 >= escaped.count)
        }
    }
}
