import Crypto
public import CryptographicMessageSyntax
public import Foundation
import SwiftASN1
import X509

/// A CA that issues: its certificate, its key, and the keys that it never certifies.
public struct Issuer: Sendable {
    /// The CA's certificate.
    public let certificate: SignerCertificate
    /// The first second of the CA's validity.
    public let notBefore: Date
    /// The last second of the CA's validity.
    public let notAfter: Date
    let key: any AuthorityKey
    let keyIdentifier: [UInt8]
    private let reservedKeys: [SubjectPublicKeyInfo]

    /// How far the start of the validity is put back, in seconds, for devices whose clocks are late.
    static let backdating: TimeInterval = 300

    /// Makes an issuer.
    ///
    /// - Parameters:
    ///   - encoded: The CA's certificate.
    ///   - key: Its key.
    ///   - reservedKeys: Keys of CAs and RAs, which nobody else can have certified.
    /// - Throws: ``CMSError`` where the certificate cannot be read or is not the key's.
    public init(
        certificate encoded: [UInt8],
        key: any AuthorityKey,
        reservedKeys: [SubjectPublicKeyInfo] = []
    ) throws {
        self.certificate = try SignerCertificate(encoded: encoded)
        let parsed = try Certificate(derEncoded: encoded)
        self.notBefore = parsed.notValidBefore
        self.notAfter = parsed.notValidAfter
        self.key = key
        guard self.certificate.publicKey.isSameKey(as: key.publicKey) else {
            throw CMSError(.key, "the CA's private key does not belong to its certificate")
        }
        self.keyIdentifier =
            self.certificate.subjectKeyIdentifier ?? Self.keyIdentifier(of: self.certificate.publicKey)
        self.reservedKeys = [self.certificate.publicKey] + reservedKeys
    }

    /// Refuses a key that may not be certified: a CA's or RA's own, one of the wrong kind or size, one known to be weak.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - rsaBits: Which sizes of RSA keys are certified.
    /// - Returns: The key, found fit.
    /// - Throws: ``IssuanceError``: `authorityKey`, `key` or `weakKey`.
    public func certifiable(
        _ key: SubjectPublicKeyInfo,
        rsaBits: ClosedRange<Int>
    ) throws(IssuanceError) -> CertifiableKey {
        guard !self.reservedKeys.contains(where: { $0.isSameKey(as: key) }) else {
            throw IssuanceError(.authorityKey, "the request is for a key that belongs to this CA or its RA")
        }
        try KeyPolicy.check(key, rsaBits: rsaBits)
        return CertifiableKey(publicKey: key.normalized)
    }

    /// Decides on a certificate: the template builds it, the request contributes only subject, key and SANs.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - template: What it will look like.
    ///   - validityDays: How long it is valid, where somebody has decided on less than the template has.
    ///   - serialNumber: From ``serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: What needs only its signature.
    /// - Throws: ``IssuanceError``.
    public func prepare(
        _ request: RequestedCertificate,
        template: CertificateTemplate,
        validityDays: Int? = nil,
        serialNumber: [UInt8],
        now: Date
    ) throws(IssuanceError) -> PreparedCertificate {
        if let validityDays, validityDays < 1 || validityDays > template.validityDays {
            throw IssuanceError(
                .validity,
                "a validity of \(validityDays) days is not possible: the template \(template.name) allows 1 to "
                    + "\(template.validityDays)"
            )
        }
        guard !NameComparison.isSame(request.subject, self.certificate.subject) else {
            throw IssuanceError(.authorityName, "the request is for the CA's own name")
        }
        let alternativeNames = try Self.alternativeNames(in: request)
        return try self.prepare(
            subject: request.subject,
            publicKey: request.key.publicKey,
            alternativeNames: alternativeNames,
            template: template,
            validityDays: validityDays,
            serialNumber: serialNumber,
            now: now
        )
    }

    /// Decides on a certificate for one of this server's own keys.
    ///
    /// - Parameters:
    ///   - subject: The subject's Name, encoded.
    ///   - publicKey: The key, made here.
    ///   - alternativeNames: The encoded value of subjectAltName; nil for none.
    ///   - template: What it will look like.
    ///   - validityDays: How long it is valid; nil for the template's.
    ///   - serialNumber: From ``serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: What needs only its signature.
    /// - Throws: ``IssuanceError`` with code `authorityExpired` or `key`.
    func prepare(
        subject: [UInt8],
        publicKey: SubjectPublicKeyInfo,
        alternativeNames: [UInt8]?,
        template: CertificateTemplate,
        validityDays: Int? = nil,
        serialNumber: [UInt8],
        now: Date
    ) throws(IssuanceError) -> PreparedCertificate {
        let days = validityDays ?? template.validityDays
        let end = min(now.addingTimeInterval(Double(days) * 86_400), self.notAfter)
        guard end > now else {
            throw IssuanceError(.authorityExpired, "the CA's own certificate has ended: make a new CA")
        }
        var extensions: [CertificateExtension] = [
            .authorityKeyIdentifier(self.keyIdentifier),
            .subjectKeyIdentifier(Self.keyIdentifier(of: publicKey)),
        ]
        if let keyUsage = try template.keyUsageExtension(for: publicKey) { extensions.append(keyUsage) }
        if let extendedKeyUsage = template.extendedKeyUsageExtension { extensions.append(extendedKeyUsage) }
        if let alternativeNames {
            extensions.append(
                CertificateExtension(
                    .Extension.subjectAltName,
                    // "If the subject field contains an empty sequence, then the issuing CA MUST include a
                    // subjectAltName extension that is marked as critical." (RFC 5280 §4.2.1.6)
                    isCritical: subject == [0x30, 0x00],
                    value: alternativeNames
                )
            )
        }
        let certificate = TBSCertificate(
            serialNumber: serialNumber,
            signature: self.key.certificateSignatureAlgorithm,
            issuer: self.certificate.subject,
            notBefore: max(now.addingTimeInterval(-Self.backdating), self.notBefore),
            notAfter: end,
            subject: subject,
            publicKey: publicKey,
            extensions: extensions
        )
        do {
            return PreparedCertificate(certificate: certificate, toBeSigned: try certificate.derEncoded())
        } catch {
            throw IssuanceError(.badExtension, "the certificate cannot be encoded: \(error)")
        }
    }

    /// Signs a prepared certificate.
    ///
    /// - Throws: What the key throws.
    public func issue(_ prepared: consuming PreparedCertificate) throws -> IssuedCertificate {
        let certificate = prepared.certificate
        return IssuedCertificate(
            encoded: try TBSCertificate.signed(
                prepared.toBeSigned,
                algorithm: certificate.signature,
                signature: try self.key.signature(forCertificate: prepared.toBeSigned)
            ),
            serialNumber: certificate.serialNumber,
            subject: certificate.subject,
            notBefore: certificate.notBefore,
            notAfter: certificate.notAfter
        )
    }

    /// The SANs of a request; everything else that it asks for is dropped, except what shows that it wants to be a CA.
    private static func alternativeNames(in request: RequestedCertificate) throws(IssuanceError) -> [UInt8]? {
        var alternativeNames: [UInt8]?
        for requested in request.extensions {
            let asked: Certificate.Extension = .init(
                oid: requested.identifier,
                critical: requested.isCritical,
                value: requested.value[...]
            )
            do {
                switch requested.identifier {
                case .Extension.basicConstraints:
                    guard case .notCertificateAuthority = try BasicConstraints(asked) else {
                        throw IssuanceError(.asksForAuthority, "the request asks to be a CA (CA:TRUE)")
                    }
                case .Extension.keyUsage:
                    let usage = try KeyUsage(asked)
                    guard !usage.keyCertSign, !usage.cRLSign else {
                        throw IssuanceError(.asksForAuthority, "the request asks to sign certificates or CRLs")
                    }
                case .Extension.subjectAltName:
                    guard alternativeNames == nil, !(try SubjectAlternativeNames(asked)).isEmpty else {
                        throw IssuanceError(.badExtension, "the request has an empty or a second subjectAltName")
                    }
                    alternativeNames = requested.value
                default: break
                }
            } catch let error as IssuanceError {
                throw error
            } catch {
                throw IssuanceError(
                    .badExtension,
                    "the requested extension \(requested.identifier) is not readable: \(error)"
                )
            }
        }
        guard let name = try? DistinguishedName(derEncoded: try DER.parse(request.subject)) else {
            throw IssuanceError(.subject, "the subject of the request is not readable")
        }
        guard !name.isEmpty || alternativeNames != nil else {
            throw IssuanceError(.subject, "the request has neither a subject nor a subjectAltName")
        }
        return alternativeNames
    }

    /// The first 160 bits of the key's SHA-256 (RFC 7093 §2, method 1).
    static func keyIdentifier(of key: SubjectPublicKeyInfo) -> [UInt8] {
        Array(SHA256.hash(data: key.subjectPublicKey).prefix(20))
    }

    /// A positive serial number of 159 random bits (RFC 5280 §4.1.2.2 allows 20 octets).
    ///
    /// - Parameter random: 20 random bytes.
    /// - Returns: The content octets of the INTEGER.
    public static func serialNumber(from random: [UInt8]) -> [UInt8] {
        var octets = random
        octets[0] &= 0x7f
        while octets.count > 1, octets[0] == 0, octets[1] < 0x80 { octets.removeFirst() }
        return octets
    }
}

extension Issuer {
    /// Whether the CA's own certificate may answer SCEP requests (CA mode): an RSA key with digitalSignature and
    /// keyEncipherment, without which Windows and Apple stop after GetCACert.
    ///
    /// - Throws: An ASN.1 error where the certificate's keyUsage cannot be read.
    public var answersSCEP: Bool {
        get throws {
            let certificate = try Certificate(derEncoded: self.certificate.encoded)
            guard let usage = try certificate.extensions.keyUsage else { return false }
            return self.certificate.publicKey.rsaBits != nil && usage.digitalSignature && usage.keyEncipherment
        }
    }
}
