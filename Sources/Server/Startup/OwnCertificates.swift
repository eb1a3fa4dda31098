import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry

/// Issues the certificates that this server uses itself.
struct OwnCertificates {
    let issuer: Issuer
    let masterKey: MasterKey

    /// A key and certificate for answering SCEP requests: RSA, because clients encrypt to it.
    func registrationAuthority(
        of authority: String,
        at now: Date
    ) throws -> (key: ServiceKey, certificate: NewCertificate) {
        try self.issue(
            .registrationAuthority,
            name: "\(authority) RA",
            key: SoftwareKey.generate(.rsa2048),
            template: .registrationAuthority,
            at: now
        )
    }

    /// A key and certificate for signing OCSP responses: RSA where the CA's is, for whoever verifies only RSA.
    func statusSigner(of authority: String, at now: Date) throws -> (key: ServiceKey, certificate: NewCertificate) {
        let isRSA = self.issuer.certificate.publicKey.rsaBits != nil
        return try self.issue(
            .ocspResponder,
            name: "\(authority) OCSP",
            key: SoftwareKey.generate(isRSA ? .rsa2048 : .p256),
            template: .ocspResponder,
            at: now
        )
    }

    /// A key and certificate for HTTPS.
    func server(names: [String], at now: Date) throws -> (key: ServiceKey, certificate: NewCertificate) {
        try self.issue(
            .server,
            name: names.first ?? "localhost",
            key: SoftwareKey.generate(.p256),
            hostNames: names,
            template: .server,
            at: now
        )
    }

    private func issue(
        _ purpose: ServiceKey.Purpose,
        name: String,
        key: SoftwareKey,
        hostNames: [String] = [],
        template: CertificateTemplate,
        at now: Date
    ) throws -> (key: ServiceKey, certificate: NewCertificate) {
        let certificate = try self.issuer.issueOwn(
            name: name,
            key: key,
            hostNames: hostNames,
            template: template,
            serialNumber: Issuer.serialNumber(from: .random(count: 20)),
            now: now
        )
        return (
            ServiceKey(
                purpose: purpose,
                certificate: certificate.encoded,
                sealedKey: try self.masterKey.seal(key.pkcs8, for: SealPurpose.service(purpose.rawValue)),
                notAfter: certificate.notAfter
            ),
            NewCertificate(
                certificate, profile: nil, template: template.name, origin: .service, issuedBy: Decider.server.name)
        )
    }
}
