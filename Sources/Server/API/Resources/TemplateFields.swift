import AdministrationAPI
import CertificateAuthority
import Foundation
import SwiftASN1

/// A template as somebody sends it.
struct TemplateDraft: Sendable {
    var name = ""
    var original = "Default"
    var template = CertificateTemplate.default
}

/// Templates in the API.
enum TemplateFields {
    static let settings: [Field<CertificateTemplate>] = [
        Field("validityDays", \.validityDays, .integer(1...36_500), "How long a certificate is valid, in days."),
        Field(
            "backdatingSeconds", \.backdatingSeconds, .integer(0...31_536_000),
            "How far its start is put back, for devices whose clocks are late."),
        Field("keyUsage", \.keyUsage, .keyUsage, "What the key may be used for (RFC 5280 §4.2.1.3)."),
        Field(
            "extendedKeyUsage", \.extendedKeyUsage, .purposes, "For which purposes; none leaves the extension out.",
            example: ["clientAuth"]),
        Field(
            "subject", \.subject, .notation("requested, or what it is built from."),
            "The subject: requested, or what it is built from.", example: "CN={CN}, O=Example"),
        Field("sans", \.alternativeNames, FieldSet(Self.alternativeNames)),
        Field(
            "keys", \.keys, .list(of: .notation("A kind of key: rsa, rsa3072 (or more bits), ec, p256."), 0...20),
            "Which keys are certified; any where there are none."),
        Field(
            "passedExtensions", \.passedExtensions, .list(of: .objectIdentifier, 0...50),
            "Extensions of the request that go into the certificate."),
        Field(
            "authorityRequests", \.authorityRequests, .choice,
            "What becomes of requests to be a CA, to sign certificates or OCSP responses."),
        Field("criticalExtensions", \.criticalExtensions, .choice, "What becomes of other critical extensions."),
        Field(
            "crlURLs", \.crlURLs, .urls,
            "Where the CRL is; {url} is the installation's address, {ca} the CA's name in it."),
        Field("issuerURLs", \.issuerURLs, .urls, "Where the CA's certificate is."),
        Field("ocspURLs", \.ocspURLs, .urls, "Where OCSP answers."),
        Field("policies", \.policies, .policies, "The certificate policies.", example: ["1.3.6.1.4.1.99999.1"]),
    ]

    private static let alternativeNames: [Field<AlternativeNamePolicy>] = [
        Field(
            "allowed", \.allowed, .optional(.list(of: .notation("A pattern: DNS:*.example.com."), 0...200)),
            "Which SANs a certificate gets; null for all that are requested."),
        Field("others", \.others, .choice, "What becomes of the others."),
    ]

    private static let nameField = Field<TemplateDraft>(
        "name", \.name, .text(1...100), "The name.", example: "Door Locks")

    /// What is sent to make one.
    static let new = FieldSet<TemplateDraft>(
        [
            Self.nameField.required,
            .sent("from", \.original, .text(1...100), "The template that is copied; Default where nothing is said."),
        ] + Self.settings.map { $0.within(\.template) })

    /// What is sent to change one.
    static let changed = FieldSet<CertificateTemplate>(Self.settings)

    /// What is answered.
    static let shown = FieldSet<TemplateDescription>(
        [
            .answered("name", .anyText, "The name.", example: "Default") { $0.template.name },
            .answered("builtIn", .boolean, "Whether it is built in, and cannot be changed.") { $0.isBuiltIn },
            .answered("profiles", .list(of: .anyText, 0...Int.max), "The profiles that use it.") { $0.profiles },
        ] + Self.settings.map { $0.within(\.template).readOnly })
}

extension ValueKind where Value == Set<CertificateTemplate.KeyUsage> {
    /// Bits by their names.
    fileprivate static var keyUsage: ValueKind {
        let names = CertificateTemplate.KeyUsage.allCases.map(\.name)
        return ValueKind(
            schema: .array(of: .choice(names), counts: 0...names.count),
            encode: { set in
                .array(CertificateTemplate.KeyUsage.allCases.filter(set.contains).map { .string($0.name) })
            },
            decode: { value throws(ValueProblem) in
                var usages: Set<CertificateTemplate.KeyUsage> = []
                guard let array = value.array else { throw ValueProblem(reason: "it has to be a list") }
                guard array.count <= names.count else {
                    throw ValueProblem(reason: "it has more entries than there are bits")
                }
                for (index, word) in array.enumerated() {
                    guard let name = word.text, names.contains(name),
                        let usage = CertificateTemplate.KeyUsage(name: name)
                    else {
                        throw ValueProblem(
                            path: "[\(index)]", reason: "it has to be one of \(names.joined(separator: ", "))")
                    }
                    usages.insert(usage)
                }
                return usages
            })
    }
}

extension ValueKind where Value == ASN1ObjectIdentifier {
    /// An object identifier with dots.
    static var objectIdentifier: ValueKind {
        ValueKind(
            schema: .string(pattern: #"^[0-2](\.[0-9]+)+$"#, lengths: 3...300), encode: { .string($0.dotNotation) },
            decode: { value throws(ValueProblem) in
                guard let text = value.text, text.utf8.count <= 300,
                    let identifier = ASN1ObjectIdentifier(dotNotation: text)
                else { throw ValueProblem(reason: "it has to be an object identifier with dots, 1.3.6.1.5.5.7.3.2") }
                return identifier
            })
    }
}

extension ValueKind where Value == [ASN1ObjectIdentifier] {
    /// Purposes by their names, or as object identifiers.
    static var purposes: ValueKind {
        let purpose = ValueKind<Purpose>.notation("A purpose: clientAuth, serverAuth, emailProtection, or an OID.")
        return .list(
            of: purpose.map({ purpose throws(ValueProblem) in purpose.identifier }, back: Purpose.init), 0...50)
    }
}

extension ValueKind where Value == [String] {
    /// Addresses in certificates, of which the template says whether they are any.
    fileprivate static var urls: ValueKind { .list(of: .text(1...500), 0...10) }
}

extension ValueKind where Value == [CertificatePolicy] {
    /// Certificate policies: an OID, or OID=URL with the practice statement.
    static var policies: ValueKind {
        let policy = ValueKind<CertificatePolicy>(
            schema: Schema.string(lengths: 3...800).described(
                "A policy: an OID, or OID=URL with its practice statement."),
            encode: { .string($0.identifier.dotNotation + ($0.cps.map { "=\($0)" } ?? "")) },
            decode: { value throws(ValueProblem) in
                let parts = (value.text ?? "").split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let identifier = ASN1ObjectIdentifier(dotNotation: String(parts.first ?? "")) else {
                    throw ValueProblem(reason: "it has to be an object identifier with dots, or OID=URL")
                }
                return CertificatePolicy(identifier, cps: parts.count == 2 ? String(parts[1]) : nil)
            })
        return .list(of: policy, 0...50)
    }
}
