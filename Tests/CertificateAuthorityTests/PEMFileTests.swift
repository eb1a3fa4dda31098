import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A PEM file")
struct PEMFileTests {
    static let key = TestIssuer.key(.p256)

    /// The key's, and the CA's; an ECDSA signature is another one each time.
    static let certificates = Result {
        [try TestKeyFile.certificate(of: Self.key), try TestIssuer.make().certificate.encoded]
    }

    static func certificate() throws -> [UInt8] { try Self.certificates.get()[0] }

    static func text() throws -> String {
        PEMChunks.text(Self.key.pkcs8, label: "PRIVATE KEY") + CertificateBundle(try Self.certificates.get()).pem
    }

    static let forms: [(String, @Sendable (String) -> String)] = [
        ("as it is written", { $0 }),
        ("with lines of Windows", { $0.replacing("\n", with: "\r\n") }),
        ("with lines of old Macs", { $0.replacing("\n", with: "\r") }),
        ("with a byte order mark", { "\u{feff}" + $0 }),
        ("without an end of line", { String($0.dropLast()) }),
        (
            "with text around",
            { "Bag Attributes\n    a: b\n" + $0.replacing("-----END", with: "\n-----END") + "\nend: 1" }
        ),
        ("indented", { $0.replacing("\n", with: "  \n\t ") }),
        (
            "with blocks that do not matter",
            { "-----BEGIN EC PARAMETERS-----\nBgg=\n-----END EC PARAMETERS-----\n" + $0 }
        ),
    ]

    @Test("is read", arguments: forms.indices)
    func read(index: Int) throws {
        let file = try KeyFile(Array(Self.forms[index].1(try Self.text()).utf8), password: nil)
        #expect(file.key?.pkcs8 == Self.key.pkcs8, "\(Self.forms[index].0)")
        #expect(file.certificates == (try Self.certificates.get()))
        let identity = try file.identity()
        #expect(identity.certificate.encoded == file.certificates[0])
        #expect(identity.chain == [file.certificates[1]])
    }

    @Test("may have lines of any length")
    func lines() throws {
        for length in [1, 3, 76, 5000] {
            let base64 = Self.key.pkcs8.withUnsafeBytes { Data($0).base64EncodedString() }
            let lines = stride(from: 0, to: base64.count, by: length).map {
                String(base64.dropFirst($0).prefix(length))
            }
            let text = "-----BEGIN PRIVATE KEY-----\n\(lines.joined(separator: "\n"))\n-----END PRIVATE KEY-----"
            #expect(try KeyFile(Array(text.utf8), password: nil).key?.pkcs8 == Self.key.pkcs8)
        }
    }

    static let block = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"

    static let wrong: [(String, KeyFileError.Code)] = [
        ("", .unreadable), ("hello", .unreadable), ("0", .unreadable), ("-----BEGIN CERTIFICATE-----", .unreadable),
        (block, .unreadable), (block.replacing("MAA=", with: ""), .unreadable),
        (block.replacing("MAA=", with: "M*A="), .unreadable), (block.replacing("MAA=", with: "M"), .unreadable),
        (block.replacing("MAA=", with: "MAA=\na: b"), .unreadable),
        (block.replacing("END CERTIFICATE", with: "END X"), .unreadable),
        ("-----BEGIN CERTIFICATE-----\n" + block, .unreadable),
        (block.replacing("CERTIFICATE", with: "PUBLIC KEY"), .unreadable),
        (block.replacing("CERTIFICATE", with: "CERTIFICATE REQUEST"), .unreadable),
        (block.replacing("CERTIFICATE", with: "PKCS7"), .unreadable),
        (block.replacing("CERTIFICATE", with: "PRIVATE KEY"), .unreadable),
        (block.replacing("CERTIFICATE", with: "ENCRYPTED PRIVATE KEY"), .unreadable),
        (block.replacing("CERTIFICATE", with: "OPENSSH PRIVATE KEY"), .unsupportedKey),
        (String(repeating: block.replacing("CERTIFICATE", with: "X"), count: 1001), .tooLarge),
        (String(repeating: " ", count: (1 << 20) + 1), .tooLarge),
    ]

    @Test("is not read where it is none", arguments: wrong.indices)
    func wrongTexts(index: Int) {
        let error = #expect(throws: KeyFileError.self) { try KeyFile(Array(Self.wrong[index].0.utf8), password: "x") }
        #expect(error?.code == Self.wrong[index].1, "\(Self.wrong[index].0.prefix(100))")
    }

    static let headers: [(String, KeyFileError.Code)] = [
        ("", .unreadable), ("DEK-Info: AES-128-CBC\n", .unreadable), ("DEK-Info: AES-128-CBC,\n", .unreadable),
        ("DEK-Info: AES-128-CBC,0011\n", .unreadable),
        ("DEK-Info: AES-128-CBC,+1-1223344556677889900112233445\n", .unreadable),
        ("DEK-Info: NOTHING,00112233445566778899001122334455\n", .unsupportedEncryption),
        ("DEK-Info: AES-128-GCM,001122334455667788990011\n", .unsupportedEncryption),
        ("DEK-Info: AES-128-CTR,00112233445566778899001122334455\n", .unsupportedEncryption),
        ("DEK-Info: AES-128-CBC,00112233445566778899001122334455\n", .wrongPassword),
    ]

    @Test("with an old encrypted key is not read where its headers are wrong", arguments: headers.indices)
    func oldEncryption(index: Int) {
        let text =
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\(Self.headers[index].0)\nMAAA\n"
            + "-----END RSA PRIVATE KEY-----\n"
        let error = #expect(throws: KeyFileError.self) { try KeyFile(Array(text.utf8), password: "x") }
        #expect(error?.code == Self.headers[index].1, "\(Self.headers[index].0)")
    }

    @Test("has one key at most, and an error says nothing of it")
    func severalKeys() throws {
        let key = PEMChunks.text(Self.key.pkcs8, label: "PRIVATE KEY")
        let error = #expect(throws: KeyFileError.self) { try KeyFile(Array((key + key).utf8), password: nil) }
        #expect(error?.code == .severalKeys)
        #expect(error?.reason.contains("MI") == false)
    }

    @Test("whose certificates are another key's has no identity")
    func otherKey() throws {
        let text =
            PEMChunks.text(TestIssuer.key(.p384).pkcs8, label: "PRIVATE KEY")
            + CertificateBundle([try Self.certificate()]).pem
        let file = try KeyFile(Array(text.utf8), password: nil)
        let error = #expect(throws: KeyFileError.self) { try file.identity() }
        #expect(error?.code == .noCertificate)
    }

    @Test("cut short, or with any byte changed, never traps")
    func hostile() throws {
        let text = Array(try Self.text().utf8)
        for count in 0..<text.count { _ = try? KeyFile(Array(text.prefix(count)), password: nil) }
        for index in text.indices {
            for value in [0, 0x0a, 0x20, 0x2d, 0x3a, 0x3d, 0x41, 0xff] as [UInt8] {
                var changed = text
                changed[index] = value
                _ = try? KeyFile(changed, password: "x")
            }
        }
    }
}

@Suite("A bundle of certificates")
struct CertificateBundleTests {
    @Test("is read again, as PEM and as PKCS#7", arguments: [0, 1, 3])
    func roundTrip(count: Int) throws {
        let certificates = try (0..<count).map { _ in try PEMFileTests.certificate() }
        let bundle = CertificateBundle(certificates)
        #expect(try SignedData(berEncoded: bundle.pkcs7()).certificates == certificates)
        guard count > 0 else { return #expect(bundle.pem.isEmpty) }
        #expect(try KeyFile(Array(bundle.pem.utf8), password: nil).certificates == certificates)
        #expect(try KeyFile(bundle.pkcs7(), password: nil).certificates == certificates)
        #expect(bundle.pem.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
        #expect(bundle.pem.split(separator: "\n").allSatisfy { $0.count <= 64 })
    }
}
