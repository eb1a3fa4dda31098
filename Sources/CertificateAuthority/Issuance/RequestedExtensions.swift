import CryptographicMessageSyntax
import SwiftASN1
import X509

/// What the extensions of a request come to under a template: SANs, and those that are passed on.
///
/// Everything else is the template's; what shows that somebody wants to be a CA is refused rather than dropped, unless
/// the template says otherwise.
struct RequestedExtensions {
    /// The value of subjectAltName, byte for byte; nil where there is none.
    private(set) var alternativeNames: [UInt8]?
    /// The extensions that go into the certificate.
    private(set) var passed: [CertificateExtension] = []

    /// How long the value of a passed extension can be.
    static let maximumLength = 4096

    /// Reads them.
    ///
    /// - Parameters:
    ///   - extensions: All extensions of the request.
    ///   - template: What decides.
    /// - Throws: ``IssuanceError``: `asksForAuthority`, `badExtension` or `unknownCriticalExtension`.
    init(_ extensions: [CertificateExtension], template: CertificateTemplate) throws(IssuanceError) {
        for requested in extensions {
            do {
                try self.read(requested, template)
            } catch let error as IssuanceError {
                throw error
            } catch {
                throw IssuanceError(
                    .badExtension,
                    "the requested extension \(requested.identifier.dotNotation) is not readable: \(error)"
                )
            }
        }
    }

    private mutating func read(_ requested: CertificateExtension, _ template: CertificateTemplate) throws {
        let asked: Certificate.Extension = .init(
            oid: requested.identifier,
            critical: requested.isCritical,
            value: requested.value[...]
        )
        switch requested.identifier {
        case .Extension.basicConstraints:
            if case .isCertificateAuthority = try BasicConstraints(asked) {
                try Self.refuse("the request asks to be a CA (CA:TRUE)", under: template)
            }
        case .Extension.keyUsage:
            let usage = try KeyUsage(asked)
            if usage.keyCertSign || usage.cRLSign {
                try Self.refuse("the request asks to sign certificates or CRLs", under: template)
            }
        case .Extension.extendedKeyUsage:
            let purposes = try Self.purposes(in: requested.value)
            if let purpose = purposes.lazy.compactMap(CertificateTemplate.authorityAsked(by:)).first {
                try Self.refuse("the request asks for the purpose \(purpose)", under: template)
            }
        case .Extension.subjectAltName:
            guard self.alternativeNames == nil, !(try SubjectAlternativeNames(asked)).isEmpty else {
                throw IssuanceError(.badExtension, "the request has an empty or a second subjectAltName")
            }
            self.alternativeNames = requested.value
        default:
            if template.passedExtensions.contains(requested.identifier),
                !CertificateTemplate.unpassableExtensions.contains(requested.identifier)
            {
                try self.pass(requested)
            } else if requested.isCritical, template.criticalExtensions == .refuse,
                !CertificateTemplate.decidedExtensions.contains(requested.identifier)
            {
                throw IssuanceError(
                    .unknownCriticalExtension,
                    "the request has the critical extension \(requested.identifier.dotNotation), which the template "
                        + "\(template.name) does not pass on"
                )
            }
        }
    }

    private static func refuse(_ reason: String, under template: CertificateTemplate) throws(IssuanceError) {
        guard template.authorityRequests == .drop else { throw IssuanceError(.asksForAuthority, reason) }
    }

    static func purposes(in value: [UInt8]) throws(CMSError) -> [ASN1ObjectIdentifier] {
        try decodeBER(value[...], as: "extKeyUsage") { node in
            try IteratorSequence(try node.children(tagged: .sequence, of: "extKeyUsage"))
                .map { try ASN1ObjectIdentifier(berEncoded: $0) }
        }
    }

    /// Takes an extension over, never critical: whoever does not know it shall not refuse the certificate.
    private mutating func pass(_ requested: CertificateExtension) throws {
        let identifier = requested.identifier.dotNotation
        guard !self.passed.contains(where: { $0.identifier == requested.identifier }) else {
            throw IssuanceError(.badExtension, "the request has the extension \(identifier) twice")
        }
        guard requested.value.count <= Self.maximumLength else {
            throw IssuanceError(
                .badExtension,
                "the requested extension \(identifier) has \(requested.value.count) bytes, and \(Self.maximumLength) "
                    + "are passed on at most"
            )
        }
        guard try BERBounds.lengthOfFirstElement(in: requested.value[...]) == requested.value.count else {
            throw IssuanceError(.badExtension, "the requested extension \(identifier) is not one DER element")
        }
        _ = try DER.parse(requested.value)
        self.passed.append(CertificateExtension(requested.identifier, value: requested.value))
    }
}
