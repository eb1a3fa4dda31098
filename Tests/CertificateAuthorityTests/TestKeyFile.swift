import CryptographicMessageSyntax
import Foundation
import TestSupport

@testable import CertificateAuthority

/// A key with its certificate and its CA's, as files for OpenSSL to work on.
struct TestKeyFile {
    let openssl: OpenSSL
    let key: SoftwareKey
    let certificate: [UInt8]
    let authority: [UInt8]

    /// Writes `key.pem`, `cert.pem` and `ca.pem`.
    init(_ directory: String, _ algorithm: KeyAlgorithm = .p256) throws {
        self.openssl = OpenSSL(directory: directory)
        self.key = try SoftwareKey.generate(algorithm)
        self.authority = try TestIssuer.make().certificate.encoded
        self.certificate = try Self.certificate(of: self.key)
        _ = try self.openssl.file("key.pem", "PRIVATE KEY", self.key.pkcs8)
        _ = try self.openssl.file("cert.pem", "CERTIFICATE", self.certificate)
        _ = try self.openssl.file("ca.pem", "CERTIFICATE", self.authority)
    }

    /// A certificate of the test CA.
    static func certificate(of key: SoftwareKey) throws -> [UInt8] {
        try TestResponder.certificate(
            name: "device",
            serialNumber: [0x11],
            publicKey: key.publicKey,
            by: TestIssuer.key(.p256),
            named: try TestIssuer.make().certificate.subject,
            now: TestIssuer.now
        )
    }

    /// What OpenSSL makes of the files, told in words with spaces between them.
    func made(_ arguments: String) throws -> [UInt8] {
        let answer = try self.openssl.run(arguments.split(separator: " ").map(String.init) + ["-out", "out"])
        guard answer.status == 0 else { throw Failure(text: answer.text) }
        return try self.openssl.bytes("out")
    }

    struct Failure: Error {
        var text: String
    }
}
