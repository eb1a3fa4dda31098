import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A PKCS#12 that OpenSSL has made", .enabled(if: OpenSSL.isExpected, "openssl is not installed"))
struct PKCS12FileTests {
    static let export = "pkcs12 -export -inkey key.pem -in cert.pem -certfile ca.pem -name device"

    static let options = [
        "", "-legacy", "-certpbe AES-128-CBC -keypbe PBE-SHA1-3DES", "-macalg sha512 -iter 3000", "-nomac",
        "-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1", "-noiter -nomaciter", "-certpbe NONE",
        "-certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-RC2-128 -legacy", "-certpbe PBE-SHA1-RC4-40 -legacy",
    ]

    @Test("is read, with the password only", arguments: options, ["correct", "Schlüssel€😀", "a b:c"])
    func password(options: String, password: String) async throws {
        try await withTemporaryDirectory { directory in
            let test = try TestKeyFile(directory)
            let words = "\(Self.export) \(options)".split(separator: " ").map(String.init)
            let made = try test.openssl.run(words + ["-out", "out", "-passout", "pass:\(password)"])
            #expect(made.status == 0, "\(made.text)")
            let bytes = try test.openssl.bytes("out")
            let identity = try KeyFile(bytes, password: password).identity()
            #expect(identity.key.pkcs8 == test.key.pkcs8)
            #expect(identity.certificate.encoded == test.certificate)
            #expect(identity.chain == [test.authority])
            for (password, code) in [(nil, .passwordMissing), ("", .wrongPassword), ("Correct", .wrongPassword)]
                as [(String?, KeyFileError.Code)]
            {
                let error = #expect(throws: KeyFileError.self) { try KeyFile(bytes, password: password) }
                #expect(error?.code == code, "\(options) with \(password ?? "none"): \(error?.reason ?? "")")
            }
        }
    }

    @Test(
        "with an empty password is read with that or none", arguments: options + ["-nomac -certpbe NONE -keypbe NONE"])
    func emptyPassword(options: String) async throws {
        try await withTemporaryDirectory { directory in
            let test = try TestKeyFile(directory)
            let bytes = try test.made("\(Self.export) \(options) -passout pass:")
            for password in [nil, ""] as [String?] {
                #expect(try KeyFile(bytes, password: password).identity().key.pkcs8 == test.key.pkcs8)
            }
        }
    }

    @Test(
        "without key, or without certificate, is read",
        arguments: [
            ("-nokeys -in cert.pem", KeyFileError.Code.noKey), ("-nocerts -inkey key.pem -in key.pem", .noCertificate),
            ("-inkey key.pem -in cert.pem", nil),
        ] as [(String, KeyFileError.Code?)])
    func parts(options: String, missing: KeyFileError.Code?) async throws {
        try await withTemporaryDirectory { directory in
            let file = try KeyFile(
                try TestKeyFile(directory).made("pkcs12 -export \(options) -passout pass:x"), password: "x")
            let error = missing.map { _ in #expect(throws: KeyFileError.self) { try file.identity() } }
            #expect((error ?? nil)?.code == missing)
        }
    }

    @Test("with two keys is refused")
    func severalKeys() async throws {
        try await withTemporaryDirectory { directory in
            let test = try TestKeyFile(directory)
            let options = "-nomac -certpbe NONE -keypbe NONE -passout pass:"
            var tree = try ASN1Tree(try test.made("\(Self.export) \(options)"))
            // The parts with the certificates and with the key are in the OCTET STRING of the outer part.
            var parts = try ASN1Tree(tree[1, 1, 0].octets)
            parts.children.append(parts[1])
            tree[1, 1, 0].octets = parts.der
            let error = #expect(throws: KeyFileError.self) { try KeyFile(tree.der, password: nil) }
            #expect(error?.code == .severalKeys)
            parts.children = Array(repeating: parts[0], count: 17)
            tree[1, 1, 0].octets = parts.der
            let other = #expect(throws: KeyFileError.self) { try KeyFile(tree.der, password: nil) }
            #expect(other?.code == .tooLarge)
        }
    }

    @Test("with any byte changed, or cut short, never traps")
    func hostile() async throws {
        try await withTemporaryDirectory { directory in
            let test = try TestKeyFile(directory)
            for options in ["-noiter -nomaciter", "-noiter -nomac -legacy", "-nomac -certpbe NONE -keypbe NONE"] {
                let bytes = try test.made("\(Self.export) \(options) -passout pass:x")
                for index in bytes.indices {
                    for change in [0x01, 0x80, 0xff] as [UInt8] {
                        var changed = bytes
                        changed[index] ^= change
                        _ = try? KeyFile(changed, password: "x")
                    }
                }
                for count in stride(from: 0, to: bytes.count, by: 3) {
                    #expect(throws: KeyFileError.self) { try KeyFile(Array(bytes.prefix(count)), password: "x") }
                }
            }
        }
    }
}
