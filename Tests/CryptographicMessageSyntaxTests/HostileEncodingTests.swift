import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// An encoding that is shown by its name: a million elements in a test's log help nobody.
struct NamedEncoding: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    var testDescription: String { self.name }
}

/// Small messages that would cost a tree-building or recursive parser dearly.
@Suite struct HostileEncodingTests {
    /// Elements in elements, all of them ending at the last byte.
    static func definite(levels: Int) -> [UInt8] {
        var headers: [[UInt8]] = []
        var count = 0
        for _ in 0..<levels {
            headers.append([0x30] + ASN1Tree.length(count))
            count += headers[headers.count - 1].count
        }
        return Array(headers.reversed().joined())
    }

    static func indefinite(levels: Int) -> [UInt8] {
        Array([[UInt8]](repeating: [0x30, 0x80], count: levels).joined()) + [UInt8](repeating: 0, count: 2 * levels)
    }

    static func flat(elements: Int) -> [UInt8] {
        let inner = [[UInt8]](repeating: [0x05, 0x00], count: elements - 1).joined()
        return [0x30] + ASN1Tree.length(inner.count) + inner
    }

    static let bombs = [
        NamedEncoding("100,000 definite levels", Self.definite(levels: 100_000)),
        NamedEncoding("100,000 indefinite levels", Self.indefinite(levels: 100_000)),
        NamedEncoding(
            "100,000 indefinite levels that do not end", Array(Self.indefinite(levels: 100_000).prefix(200_000))),
        NamedEncoding("a million elements", Self.flat(elements: 1_000_000)),
        NamedEncoding("one level too many, definite", Self.definite(levels: 33)),
        NamedEncoding("one level too many, indefinite", Self.indefinite(levels: 33)),
        NamedEncoding("one element too many", Self.flat(elements: 20_001)),
    ]

    @Test(arguments: Self.bombs)
    func `a bomb is too complex`(bomb: NamedEncoding) {
        let error = #expect(throws: CMSError.self) { try BERBounds.lengthOfFirstElement(in: bomb.bytes[...]) }
        #expect(error?.code == .tooComplex)
    }

    @Test(
        arguments: [
            NamedEncoding("32 definite levels", Self.definite(levels: 32)),
            NamedEncoding("32 indefinite levels", Self.indefinite(levels: 32)),
            NamedEncoding("20,000 elements", Self.flat(elements: 20_000)),
        ]
    )
    func `what is just within the bounds is measured`(encoding: NamedEncoding) throws {
        let bytes = encoding.bytes
        #expect(try BERBounds.lengthOfFirstElement(in: bytes[...]) == bytes.count)
    }

    /// No decoder may go round the bounds.
    @Test(arguments: Self.bombs)
    func `every decoder refuses a bomb`(bomb: NamedEncoding) {
        let bytes = bomb.bytes
        let decoders: [(String, () throws -> Void)] = [
            ("SignedData", { _ = try SignedData(berEncoded: bytes) }),
            ("EnvelopedData", { _ = try EnvelopedData(berEncoded: bytes) }),
            ("CertificationRequest", { _ = try CertificationRequest(encoded: bytes) }),
            ("SignerCertificate", { _ = try SignerCertificate(encoded: bytes) }),
            ("SubjectPublicKeyInfo", { _ = try SubjectPublicKeyInfo(derEncoded: bytes) }),
        ]
        for (name, decode) in decoders {
            let error = #expect(throws: CMSError.self, "\(name)") { try decode() }
            #expect(error?.code == .tooComplex, "\(name)")
        }
    }
}
