import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import SwiftASN1
import TestSupport
import X509

/// A renewal that is refused: what is wrong with it, and a word of what the log says.
struct RefusedRenewal: Sendable, CustomStringConvertible {
    let description: String
    let reason: String
    var settings = ProfileSettings()
    /// Days after the enrolment.
    var day = 1.0
    /// Makes the message from the certificate that was issued.
    let make: @Sendable (TestAuthority, TestClient, [UInt8]) async throws -> (TestEnrolment, [UInt8]?)

    private static func request(
        _ description: String,
        _ reason: String,
        _ change: @escaping @Sendable (inout TestEnrolment) throws -> Void
    ) -> RefusedRenewal {
        RefusedRenewal(description: description, reason: reason) { _, client, certificate in
            var renewal = try TestEnrolment.renewal(of: certificate, by: client)
            try change(&renewal)
            return (renewal, nil)
        }
    }

    /// A device's own certificate in every visible respect, for the client's key, but not the one that was issued.
    private static func forged(
        issuer: @escaping @Sendable (TestAuthority) throws -> [UInt8],
        serialNumber: @escaping @Sendable (SignerCertificate) -> [UInt8],
        key: RSAPrivateKey,
        _ client: TestClient,
        _ certificate: [UInt8],
        _ authority: TestAuthority
    ) throws -> TestEnrolment {
        let original = try SignerCertificate(encoded: certificate)
        let forged = TBSCertificate(
            serialNumber: serialNumber(original),
            signature: try key.signatureAlgorithm(digest: .sha256).identifier,
            issuer: try issuer(authority),
            notBefore: TestAuthority.now,
            notAfter: TestAuthority.now.addingTimeInterval(86_400 * 365),
            subject: original.subject,
            publicKey: key.publicKey,
            extensions: []
        )
        let toBeSigned = forged.derEncoded()
        let encoded = try TBSCertificate.signed(
            toBeSigned,
            algorithm: forged.signature,
            signature: try key.signature(for: toBeSigned, digest: .sha256)
        )
        let forger = try TestClient(name: "CN=device.example", key: key)
        return try TestEnrolment.renewal(of: encoded, by: forger)
    }

    static let signers: [RefusedRenewal] = [
        RefusedRenewal(description: "signed by a self-signed certificate", reason: "self-signed") { _, client, _ in
            var renewal = TestEnrolment(client)
            renewal.messageType = .renewalReq
            return (renewal, nil)
        },
        RefusedRenewal(description: "a forged certificate, another key", reason: "not issued") {
            authority, client, old in
            (
                try Self.forged(
                    issuer: { $0.caCertificate.subject },
                    serialNumber: { $0.identifier.serialNumber },
                    key: TestKeys.otherDevice,
                    client,
                    old,
                    authority
                ), nil
            )
        },
        RefusedRenewal(description: "a forged certificate, the right key", reason: "not issued") {
            authority, client, old in
            (
                try Self.forged(
                    issuer: { $0.caCertificate.subject },
                    serialNumber: { $0.identifier.serialNumber },
                    key: TestKeys.device,
                    client,
                    old,
                    authority
                ), nil
            )
        },
        RefusedRenewal(description: "a serial number never issued", reason: "not issued") { authority, client, old in
            (
                try Self.forged(
                    issuer: { $0.caCertificate.subject },
                    serialNumber: { _ in [0x55] },
                    key: TestKeys.device,
                    client,
                    old,
                    authority
                ), nil
            )
        },
        RefusedRenewal(description: "a certificate of another CA", reason: "another CA") { authority, client, old in
            (
                try Self.forged(
                    issuer: { _ in try TestClient.encoded("CN=Another CA") },
                    serialNumber: { $0.identifier.serialNumber },
                    key: TestKeys.device,
                    client,
                    old,
                    authority
                ), nil
            )
        },
        RefusedRenewal(description: "revoked", reason: "revoked") { authority, client, old in
            if let record = try await authority.record(of: old) {
                try await authority.registry.revoke(record.id, reason: 1, at: TestAuthority.now)
            }
            return (try TestEnrolment.renewal(of: old, by: client), nil)
        },
        RefusedRenewal(description: "expired", reason: "ended", day: 366) { _, client, old in
            (try TestEnrolment.renewal(of: old, by: client), nil)
        },
        RefusedRenewal(description: "not valid yet", reason: "not valid before", day: -1) { _, client, old in
            (try TestEnrolment.renewal(of: old, by: client), nil)
        },
        RefusedRenewal(
            description: "no renewals in this profile",
            reason: "no renewals",
            settings: .with { $0.renewal.isAllowed = false }
        ) { _, client, old in (try TestEnrolment.renewal(of: old, by: client), nil) },
        RefusedRenewal(description: "through another profile", reason: "through the profile routers") {
            authority, client, _ in
            let issued = try authority.issuer.issueOwn(
                name: "device.example",
                key: try SoftwareKey(pkcs8: TestKeys.device.pkcs8),
                template: .default,
                serialNumber: [0x11],
                now: TestAuthority.now
            )
            _ = try await authority.registry.grant(
                NewRequest(
                    identity: RequestIdentity(
                        transaction: TransactionIdentity(profile: "routers", transactionID: "x", keyDigest: [1]),
                        requestDigest: [2]
                    ),
                    authority: 1,
                    messageType: 19,
                    subject: "CN=device.example",
                    namesDigest: [],
                    clientAddress: "",
                    sealedRequest: []
                ),
                NewCertificate(issued, profile: "routers"),
                at: TestAuthority.now
            )
            return (try TestEnrolment.renewal(of: issued.encoded, by: client), nil)
        },
    ]

    static let requests: [RefusedRenewal] = [
        .request("for another subject", "subject") { $0.requestSubject = try TestClient.encoded("CN=other.example") },
        .request("for one more SAN", "SAN") { renewal in
            let names = try DERWriter.encode {
                try $0.serializeSequenceOf([GeneralName.dnsName("other.example")])
            }
            renewal.extensions = [CertificateExtension([2, 5, 29, 17], value: names)]
        },
        RefusedRenewal(description: "a broken PKCS#10", reason: "PKCS#10") { _, client, old in
            let renewal = try TestEnrolment.renewal(of: old, by: client)
            var content = try renewal.certificationRequest().encoded
            content[content.count - 1] ^= 1
            return (renewal, content)
        },
    ]
}
