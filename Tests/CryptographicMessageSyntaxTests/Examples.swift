import SwiftASN1
import TestSupport

@testable import CryptographicMessageSyntax

/// Well-formed messages for tests to start from.
enum Examples {
    static let content = Array("hello, world".utf8)
    static let device = Result { try TestClient(key: TestKeys.device) }
    static let other = Result { try TestClient(name: "CN=other.example", key: TestKeys.otherDevice) }

    /// A signed message with the device's certificate.
    static func signed(digest: DigestAlgorithm = .sha256) throws -> ASN1Tree {
        let device = try self.device.get()
        return try ASN1Tree(
            SignedData.sign(
                self.content,
                attributes: [],
                key: device.key,
                signer: device.certificate.identifier,
                digest: digest,
                certificates: [device.certificate.encoded]
            ).derEncoded()
        )
    }

    /// A message enveloped to the device.
    static func enveloped(
        _ content: [UInt8] = Examples.content,
        cipher: ContentEncryptionAlgorithm = .aes128,
        transport: KeyTransportAlgorithm = .pkcs1
    ) throws -> EnvelopedData {
        try EnvelopedData.seal(
            content,
            for: [try self.device.get().certificate],
            cipher: cipher,
            transport: transport
        )
    }
}

extension Examples {
    /// A certificate of the device's key with some parts as a test wants them; its own signature is not right, which
    /// nobody checks.
    static func certificate(_ change: (inout ASN1Tree) throws -> Void) throws -> [UInt8] {
        var tree = try ASN1Tree(try self.device.get().certificate.encoded)
        try change(&tree)
        return tree.der
    }

    /// The device's certificate with a subjectKeyIdentifier.
    static func certificate(keyIdentifier: [UInt8]) throws -> [UInt8] {
        try self.certificate { tree in
            let value = ASN1Tree(tag: 0x04, octets: ASN1Tree(tag: 0x04, octets: keyIdentifier).der)
            let identifier = ASN1Tree(tag: 0x06, octets: [0x55, 0x1d, 0x0e])
            tree[0, 7, 0].children.append(ASN1Tree(tag: 0x30, children: [identifier, value]))
        }
    }

    /// Another's key in a certificate that has the device's issuer and serial number.
    static func impostor() throws -> [UInt8] {
        try self.certificate { $0[0, 6] = try ASN1Tree(try self.other.get().certificate.publicKey.derEncoded) }
    }
}
