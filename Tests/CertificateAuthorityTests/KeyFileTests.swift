import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A file that OpenSSL has made", .enabled(if: OpenSSL.isExpected, "openssl is not installed"))
struct KeyFileTests {
    static let plain = [
        "pkey -in key.pem", "pkey -in key.pem -traditional", "pkey -in key.pem -outform DER",
        "pkey -in key.pem -traditional -outform DER", "pkey -in key.pem -text",
    ]

    @Test("with a key is read", arguments: plain, [KeyAlgorithm.rsa2048, .p256, .p384])
    func key(arguments: String, algorithm: KeyAlgorithm) async throws {
        try await withTemporaryDirectory { directory in
            let test = try TestKeyFile(directory, algorithm)
            let file = try KeyFile(try test.made(arguments), password: nil)
            #expect(file.key?.publicKey == test.key.publicKey)
            #expect(file.key?.pkcs8 == test.key.pkcs8)
            #expect(file.certificates.isEmpty && file.requests.isEmpty)
        }
    }

    static let encrypted: [(String, KeyAlgorithm)] = [
        ("pkcs8 -topk8 -in key.pem", .p256), ("pkcs8 -topk8 -in key.pem -outform DER", .rsa2048),
        ("pkcs8 -topk8 -in key.pem -v2 aes-128-cbc -v2prf hmacWithSHA512 -iter 5000", .p384),
        ("pkcs8 -topk8 -in key.pem -v2 des3 -v2prf hmacWithSHA1", .p256), ("pkcs8 -topk8 -in key.pem -scrypt", .p256),
        ("pkcs8 -topk8 -in key.pem -v1 PBE-SHA1-3DES", .rsa2048),
        ("pkcs8 -topk8 -in key.pem -v1 PBE-SHA1-RC2-40 -provider legacy -provider default", .p256),
        ("pkcs8 -topk8 -in key.pem -v1 PBE-SHA1-RC4-128 -provider legacy -provider default", .p256),
        ("pkcs8 -topk8 -in key.pem -v1 PBE-MD5-DES -provider legacy -provider default", .p256),
        ("rsa -in key.pem -traditional -aes256", .rsa2048), ("rsa -in key.pem -traditional -des3", .rsa2048),
        ("rsa -in key.pem -traditional -des -provider legacy -provider default", .rsa2048),
        ("rsa -in key.pem -traditional -camellia128", .rsa2048), ("ec -in key.pem -aes128", .p256),
        ("ec -in key.pem -aes192", .p384),
    ]

    @Test("with an encrypted key is read, with the password only", arguments: encrypted.indices)
    func encryptedKey(index: Int) async throws {
        let (arguments, algorithm) = Self.encrypted[index]
        try await withTemporaryDirectory { directory in
            let test = try TestKeyFile(directory, algorithm)
            let bytes = try test.made(arguments + " -passout pass:correct")
            #expect(try KeyFile(bytes, password: "correct").key?.pkcs8 == test.key.pkcs8)
            for (password, code) in [(nil, .passwordMissing), ("", .wrongPassword), ("Correct", .wrongPassword)]
                as [(String?, KeyFileError.Code)]
            {
                let error = #expect(throws: KeyFileError.self) { try KeyFile(bytes, password: password) }
                #expect(error?.code == code, "\(arguments) with \(password ?? "none"): \(error?.reason ?? "")")
            }
        }
    }

    @Test(
        "with certificates is read",
        arguments: [
            ("x509 -in cert.pem", 1), ("x509 -in cert.pem -outform DER", 1), ("x509 -in cert.pem -text -trustout", 1),
            ("x509 -in cert.pem -trustout -setalias device", 1),
            ("crl2pkcs7 -nocrl -certfile cert.pem -certfile ca.pem", 2),
            ("crl2pkcs7 -nocrl -certfile cert.pem -certfile ca.pem -outform DER", 2),
        ])
    func certificates(arguments: String, count: Int) async throws {
        try await withTemporaryDirectory { directory in
            let test = try TestKeyFile(directory)
            let file = try KeyFile(try test.made(arguments), password: nil)
            #expect(file.certificates == Array([test.certificate, test.authority].prefix(count)))
            #expect(file.key == nil && file.requests.isEmpty)
            let error = #expect(throws: KeyFileError.self) { try file.identity() }
            #expect(error?.code == .noKey)
        }
    }

    @Test("with a request is read", arguments: ["", " -outform DER", " -newhdr", " -text"])
    func request(option: String) async throws {
        try await withTemporaryDirectory { directory in
            let test = try TestKeyFile(directory)
            let file = try KeyFile(
                try test.made("req -new -key key.pem -subj /CN=x -config /dev/null\(option)"), password: nil)
            let request = try CertificationRequest(encoded: try #require(file.requests.first))
            #expect(request.publicKey == test.key.publicKey)
            try request.verifySignature()
        }
    }

    @Test(
        "of a kind that is not used here is told so",
        arguments: [
            "genpkey -algorithm ED25519", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521",
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
            "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:512",
            "genpkey -algorithm X25519", "genpkey -algorithm ED448 -outform DER",
        ])
    func unsupported(arguments: String) async throws {
        try await withTemporaryDirectory { directory in
            let bytes = try TestKeyFile(directory).made(arguments)
            let error = #expect(throws: KeyFileError.self) { try KeyFile(bytes, password: nil) }
            #expect(error?.code == .unsupportedKey)
        }
    }

    @Test(
        "in DER with any byte changed, or cut short, never traps",
        arguments: [
            "pkey -in key.pem -outform DER", "pkey -in key.pem -traditional -outform DER",
            "x509 -in cert.pem -outform DER",
            "pkcs8 -topk8 -in key.pem -outform DER -iter 1 -passout pass:x",
            "pkcs8 -topk8 -in key.pem -outform DER -scrypt -scrypt_N 2 -passout pass:x",
            "crl2pkcs7 -nocrl -certfile cert.pem -certfile ca.pem -outform DER",
            "req -new -key key.pem -subj /CN=x -config /dev/null -outform DER",
        ])
    func hostile(arguments: String) async throws {
        try await withTemporaryDirectory { directory in
            let bytes = try TestKeyFile(directory).made(arguments)
            _ = try KeyFile(bytes, password: "x")
            for count in 0..<bytes.count {
                #expect(throws: KeyFileError.self) { try KeyFile(Array(bytes.prefix(count)), password: "x") }
            }
            for index in bytes.indices {
                for change in [0x01, 0x02, 0x10, 0x80, 0xff] as [UInt8] {
                    var changed = bytes
                    changed[index] ^= change
                    _ = try? KeyFile(changed, password: "x")
                }
            }
        }
    }
}
