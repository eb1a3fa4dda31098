import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport

@testable import CertificateAuthority

/// A CA with an OCSP responder, and requests to it.
struct TestResponder {
    let authority: [UInt8]
    let issuer: CertIDIssuer
    let signer: OCSPSigner
    let now: Date

    init(_ algorithm: KeyAlgorithm = .p256, now: Date = TestIssuer.now) throws {
        self.now = now
        let authorityKey = TestIssuer.key(algorithm)
        self.authority = try RootAuthority.make(
            name: TestIssuer.name,
            key: authorityKey,
            answersSCEP: false,
            serialNumber: [1],
            now: now
        )
        let parsed = try SignerCertificate(encoded: self.authority)
        self.issuer = CertIDIssuer(subject: parsed.subject, publicKey: parsed.publicKey)
        let key = try SoftwareKey.generate(algorithm.isRSA ? .p256 : algorithm)
        let certificate = try Self.certificate(
            name: "OCSP",
            serialNumber: [2],
            publicKey: key.publicKey,
            by: authorityKey,
            named: parsed.subject,
            // id-kp-OCSPSigning, id-pkix-ocsp-nocheck
            extensions: [
                CertificateExtension(
                    [2, 5, 29, 37],
                    value: [0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09]
                ),
                CertificateExtension([1, 3, 6, 1, 5, 5, 7, 48, 1, 5], value: [0x05, 0x00]),
            ],
            now: now
        )
        self.signer = try OCSPSigner(certificate: certificate, key: key)
    }

    /// A certificate of the CA.
    func leaf(serialNumber: [UInt8], authorityKey: SoftwareKey) throws -> [UInt8] {
        try Self.certificate(
            name: "device",
            serialNumber: serialNumber,
            publicKey: TestKeys.device.publicKey,
            by: authorityKey,
            named: try SignerCertificate(encoded: self.authority).subject,
            now: self.now
        )
    }

    static func certificate(
        name: String,
        serialNumber: [UInt8],
        publicKey: SubjectPublicKeyInfo,
        by key: SoftwareKey,
        named issuer: [UInt8],
        extensions: [CertificateExtension] = [],
        now: Date
    ) throws -> [UInt8] {
        let certificate = TBSCertificate(
            serialNumber: serialNumber,
            signature: key.certificateSignatureAlgorithm,
            issuer: issuer,
            notBefore: now.addingTimeInterval(-60),
            notAfter: now.addingTimeInterval(86_400),
            subject: try RootAuthority.commonName(name),
            publicKey: publicKey,
            extensions: extensions
        )
        let toBeSigned = certificate.derEncoded()
        return try TBSCertificate.signed(
            toBeSigned,
            algorithm: key.certificateSignatureAlgorithm,
            signature: try key.signature(forCertificate: toBeSigned)
        )
    }

    func name(_ serialNumber: [UInt8], by algorithm: DigestAlgorithm = .sha1) throws -> CertID {
        try CertID(serialNumber: serialNumber, issuer: self.issuer, hashAlgorithm: algorithm)
    }

    /// A request, with its extensions as they are given.
    func request(
        _ serialNumbers: [[UInt8]] = [[0x11]],
        by algorithm: DigestAlgorithm = .sha1,
        extensions: [CertificateExtension] = []
    ) throws -> ASN1Tree {
        let names = try serialNumbers.map { try ASN1Tree(try self.name($0, by: algorithm).encoded) }
        let list = ASN1Tree(tag: 0x30, children: names.map { ASN1Tree(tag: 0x30, children: [$0]) })
        var request = ASN1Tree(tag: 0x30, children: [list])
        if !extensions.isEmpty {
            let encoded = DERWriter.encode { $0.serializeSequenceOf(extensions) }
            request.children.append(ASN1Tree(tag: 0xa2, children: [try ASN1Tree(encoded)]))
        }
        return ASN1Tree(tag: 0x30, children: [request])
    }

    /// The extension with a nonce.
    static func nonce(_ octets: [UInt8]) -> CertificateExtension {
        CertificateExtension([1, 3, 6, 1, 5, 5, 7, 48, 1, 2], value: ASN1Tree(tag: 0x04, octets: octets).der)
    }
}

extension OpenSSL {
    /// Reads a file that it has written.
    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(self.directory)/\(name)")))
    }

    /// Writes a file for it, as it is.
    func file(_ name: String, bytes: [UInt8]) throws -> String {
        let path = "\(self.directory)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }
}
