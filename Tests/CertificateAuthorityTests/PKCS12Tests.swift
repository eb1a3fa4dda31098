import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A PKCS#12 that is made here")
struct PKCS12Tests {
    /// Of the key, and of the CA.
    static func certificates(of key: SoftwareKey) throws -> [[UInt8]] {
        [try TestKeyFile.certificate(of: key), try TestIssuer.make().certificate.encoded]
    }

    static func make(
        _ key: SoftwareKey,
        _ encryption: PKCS12.Encryption,
        certificates: [[UInt8]]? = nil,
        name: String = "Gerät 1"
    ) throws -> [UInt8] {
        let certificates = try certificates ?? Self.certificates(of: key)
        return try PKCS12.make(
            key: key,
            certificate: certificates[0],
            chain: Array(certificates.dropFirst()),
            friendlyName: name,
            password: "Schlüssel",
            encryption: encryption
        )
    }

    @Test("is read again", arguments: PKCS12.Encryption.allCases, [KeyAlgorithm.rsa2048, .p256, .p384])
    func roundTrip(encryption: PKCS12.Encryption, algorithm: KeyAlgorithm) throws {
        let key = try SoftwareKey.generate(algorithm)
        let certificates = try Self.certificates(of: key)
        let bytes = try Self.make(key, encryption, certificates: certificates)
        let identity = try KeyFile(bytes, password: "Schlüssel").identity()
        #expect(identity.key.pkcs8 == key.pkcs8)
        #expect(identity.certificate.encoded == certificates[0])
        #expect(identity.chain == [certificates[1]])
        let error = #expect(throws: KeyFileError.self) { try KeyFile(bytes, password: "Schlussel") }
        #expect(error?.code == .wrongPassword)
    }

    static let information: [(PKCS12.Encryption, [String])] = [
        (
            .modern,
            [
                "MAC: sha256, Iteration 100000", "PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256",
                "MAC length: 32, salt length: 16",
            ]
        ),
        (.compatible, ["MAC: sha1, Iteration 100000", "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 100000"]),
    ]

    @Test(
        "is what it should be to OpenSSL",
        .enabled(if: OpenSSL.isExpected, "openssl is not installed"),
        arguments: information.indices
    )
    func openssl(index: Int) async throws {
        let (encryption, texts) = Self.information[index]
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let key = try SoftwareKey.generate(.p256)
            let path = try openssl.file("device.p12", bytes: try Self.make(key, encryption, name: "device 1"))
            let answer = try openssl.run("pkcs12", "-in", path, "-passin", "pass:Schlüssel", "-info", "-nodes")
            #expect(answer.status == 0)
            #expect(answer.text.split(separator: "BEGIN CERTIFICATE").count == 3)
            #expect(answer.text.split(separator: "friendlyName: device 1").count == 3)
            #expect(answer.text.split(separator: "localKeyID: ").count == 3)
            for text in texts { #expect(answer.text.contains(text), "\(text) is not in the answer") }
            let wrong = try openssl.run("pkcs12", "-in", path, "-passin", "pass:wrong", "-noout")
            #expect(wrong.text.contains("invalid password"), "\(wrong.text)")
        }
    }

    @Test("needs a password, its key's certificate, and a chain of certificates")
    func wrong() throws {
        let key = TestIssuer.key(.p256)
        let own = try TestKeyFile.certificate(of: key)
        let other = try TestKeyFile.certificate(of: TestIssuer.key(.p384))
        let cases: [([UInt8], [[UInt8]], String, KeyFileError.Code)] = [
            (own, [], "", .passwordMissing), (own, [], "a\0b", .passwordMissing), (other, [], "x", .mismatch),
            ([], [], "x", .mismatch), (own, [[1, 2, 3]], "x", .noCertificate), (own, [other, []], "x", .noCertificate),
        ]
        for (certificate, chain, password, code) in cases {
            let error = #expect(throws: KeyFileError.self) {
                try PKCS12.make(
                    key: key,
                    certificate: certificate,
                    chain: chain,
                    friendlyName: "x",
                    password: password,
                    encryption: .modern
                )
            }
            #expect(error?.code == code)
        }
    }

    @Test("has a name or none", arguments: ["", "a\0b", "日本", String(repeating: "x", count: 1000)])
    func names(name: String) throws {
        let key = TestIssuer.key(.p256)
        #expect(try KeyFile(try Self.make(key, .compatible, name: name), password: "Schlüssel").key?.pkcs8 == key.pkcs8)
    }
}
