import CryptographicMessageSyntax
public import Foundation
import SwiftASN1
import X509

extension Issuer {
    /// Issues a certificate for one of this server's own keys: the RA's, the HTTPS listener's, the OCSP responder's.
    ///
    /// Where the CA may only certify Names below some, the subject is below the first of them.
    ///
    /// - Parameters:
    ///   - name: The common name.
    ///   - key: The key.
    ///   - hostNames: DNS names and IP addresses; none leaves the SANs out.
    ///   - template: What it will look like; with OCSPSigning, id-pkix-ocsp-nocheck is added (RFC 6960 §4.2.2.2.1).
    ///   - serialNumber: From ``serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: The certificate.
    /// - Throws: ``IssuanceError``, or what the key throws.
    public func issueOwn(
        name: String,
        key: any AuthorityKey,
        hostNames: [String] = [],
        template: CertificateTemplate,
        serialNumber: [UInt8],
        now: Date
    ) throws -> IssuedCertificate {
        let names = hostNames.map { name in
            IPAddress(name).map { GeneralName.ipAddress(ASN1OctetString(contentBytes: $0.bytes[...])) }
                ?? .dnsName(name)
        }
        return try self.issue(
            try self.prepare(
                // ub-common-name, RFC 5280 §A.1; the whole name is among the SANs.
                subject: try self.ownSubject(RootAuthority.commonName(String(name.prefix(64)))),
                publicKey: key.publicKey,
                alternativeNames: names.isEmpty
                    ? nil : try DERWriter.encode { try $0.serializeSequenceOf(names) },
                template: template,
                furtherExtensions: template.speaksForAuthority
                    ? [CertificateExtension(.Extension.ocspNoCheck, value: AlgorithmIdentifier.null)] : [],
                serialNumber: serialNumber,
                now: now
            )
        )
    }

    /// A Name of one attribute, behind those of the first Name below which the CA may certify any.
    private func ownSubject(_ name: [UInt8]) throws -> [UInt8] {
        let base = self.constraints.nameConstraints?.permitted.lazy.compactMap { subtree -> DirectoryName? in
            if case .directory(let name) = subtree.form { name } else { nil }
        }.first
        guard let base else { return name }
        let sets = try [base.encoded, name].flatMap { encoded in
            try decodeBER(encoded[...], as: "Name") { node in
                IteratorSequence(try node.children(tagged: .sequence, of: "Name")).map(\.bytes)
            }
        }
        return DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for set in sets { coder.append(encoded: set) }
            }
        }
    }
}
