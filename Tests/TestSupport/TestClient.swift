package import CryptographicMessageSyntax
import Foundation
import SCEP
import SwiftASN1
import X509

/// A device: a key, and the self-signed certificate that it signs its first request with.
package struct TestClient: Sendable {
    package let key: RSAPrivateKey
    package let subject: [UInt8]
    package let certificate: SignerCertificate

    package init(name: String = "CN=device.example", key: RSAPrivateKey? = nil, bits: Int = 2048) throws {
        self.key = try key ?? RSAPrivateKey(bits: bits)
        self.subject = try Self.encoded(name)
        self.certificate = try SelfSignedCertificate.make(
            subject: self.subject,
            publicKey: self.key.publicKey,
            key: self.key,
            notBefore: Date(timeIntervalSince1970: 1_700_000_000),
            notAfter: Date(timeIntervalSince1970: 2_500_000_000)
        )
    }

    private init(_ other: TestClient, certificate: SignerCertificate) {
        self.key = other.key
        self.subject = other.subject
        self.certificate = certificate
    }

    /// The same device with another certificate for its key, one that it was issued for example.
    package func holding(_ certificate: [UInt8]) throws -> TestClient {
        TestClient(self, certificate: try SignerCertificate(encoded: certificate))
    }

    /// A Name from `CN=…`, encoded.
    package static func encoded(_ name: String) throws -> [UInt8] {
        let name = try DistinguishedName { CommonName(name.replacing("CN=", with: "")) }
        var coder = DERWriter()
        try coder.serialize(name)
        return coder.serializedBytes
    }
}
