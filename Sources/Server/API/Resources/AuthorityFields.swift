import AdministrationAPI
import CertificateAuthority
import Foundation
import SwiftASN1

/// CAs in the API.
enum AuthorityFields {
    /// What follows a CA, and when.
    private typealias Next = (name: String, switchAt: Date)
    /// A CA's latest CRL.
    private typealias List = (number: Int64, thisUpdate: Date, nextUpdate: Date, isLatest: Bool, size: Int)

    private static let next = FieldSet<Next>([
        .answered("ca", .anyText, "The CA that follows.") { $0.name },
        .answered("switchAt", .date, "When everybody changes over.") { $0.switchAt },
    ])

    private static let list = FieldSet<List>([
        .answered("number", .number, "Its number.") { $0.number },
        .answered("thisUpdate", .date, "When it was made.") { $0.thisUpdate },
        .answered("nextUpdate", .date, "Until when there is a new one.") { $0.nextUpdate },
        .answered("latest", .boolean, "Whether every revocation is on it.") { $0.isLatest },
        .answered("size", .integer(0...Int.max), "How many bytes it has.") { $0.size },
    ])

    /// What is answered.
    static let shown = FieldSet<AuthorityDescription>([
        .answered("id", .number, "Its number; older CAs have smaller ones.", example: 1) { $0.id },
        .answered("name", .anyText, "The name.", example: "UCM CA") { $0.name },
        .answered("slug", .anyText, "What stands for it in addresses.", example: "ucm-ca") { $0.slug },
        .answered("subject", .anyText, "The subject of its certificate.") { $0.subject },
        .answered("issuer", .optional(.anyText), "Who issued its certificate; null for a root.") { $0.issuer },
        .answered("key", .optional(.choice), "The kind of its key.") { $0.key },
        .answered("serialNumber", .anyText, "The serial number of its certificate, in hexadecimal.") {
            $0.serialNumber
        },
        .answered("fingerprint", .anyText, "SHA-256 of its certificate.") { $0.fingerprint },
        .answered("notBefore", .date, "The start of its certificate.") { $0.notBefore },
        .answered("notAfter", .date, "The end of its certificate.") { $0.notAfter },
        .answered("default", .boolean, "Whether it is meant where no CA is named.") { $0.isDefault },
        .answered("retiredAt", .optional(.date), "Since when it issues nothing any more.") { $0.retiredAt },
        .answered(
            "revoked", .boolean, "Whether its certificate, or one above it, is revoked, so that it issues nothing."
        ) {
            $0.isRevoked
        },
        .answered("next", Self.next, "The CA that follows, and when.") { $0.next },
        .answered("profiles", .list(of: .anyText, 0...Int.max), "The profiles that it issues for.") { $0.profiles },
        .answered("raNotAfter", .optional(.date), "The end of its RA's certificate.") { $0.registrationNotAfter },
        .answered("ocspSignerNotAfter", .optional(.date), "The end of the certificate that signs its OCSP responses.") {
            $0.statusSignerNotAfter
        },
        .answered("crl", Self.list, "Its latest CRL; null where it has none yet.") { $0.revocationList },
        .answered("chain", .list(of: .anyText, 0...Int.max), "Its certificate and those above it, as PEM.") {
            $0.chain.map { PEMChunks.text($0, label: "CERTIFICATE") }
        },
        .answered("warnings", .list(of: .anyText, 0...Int.max), "What one should know.") { $0.warnings },
    ])

    private static let terms: [Field<AuthorityOrder>] = [
        .sent("subject", \.subject, .optional(.text(1...2_000)), "The subject; null for its name, or the request's."),
        .sent(
            "validityDays", \.validityDays, .optional(.integer(1...36_500)),
            "For how many days; null for ten years, below another CA five, or as long as that one lasts."),
        .sent("pathLength", \.pathLength, .pathLength, "How many CAs may be below one another underneath it."),
        .sent(
            "permitted", \.permittedNames,
            .list(of: .notation("A name: DNS:example.com, email:…, IP:10.0.0.0/8, dir:O=…."), 0...200),
            "The names that it may issue for; any where there are none."),
        .sent(
            "excluded", \.excludedNames,
            .list(of: .notation("A name: DNS:example.com, email:…, IP:10.0.0.0/8, dir:O=…."), 0...200),
            "The names that it may not issue for."),
        .sent(
            "purposes", \.extendedKeyUsage, .purposes, "The purposes that it may issue for; any where there are none."),
        .sent("policies", \.policies, .policies, "The policies of its certificates; any where there are none."),
    ]

    private static let name = Field<AuthorityOrder>.sent(
        "name", \.name, .text(1...61), "What it is called here.", example: "Devices"
    ).required
    private static let key = Field<AuthorityOrder>.sent("key", \.key, .choice, "The kind of its key.")
    private static let parent = Field<AuthorityOrder>.sent(
        "parent", \.parent, .optional(.text(1...200)), "The CA above; null for a root.")
    private static let answers = Field<AuthorityOrder>.sent(
        "answersSCEP", \.answersSCEP, .boolean, "Whether it can answer SCEP requests itself, which takes an RSA key.")

    /// What is sent to make one.
    static let new = FieldSet([Self.name, Self.parent, Self.key, Self.answers] + Self.terms)
    /// What is sent to make the request for one.
    static let requested = FieldSet([
        Self.name, Self.key, Self.answers,
        .sent("subject", \.subject, .optional(.text(1...2_000)), "The subject; null for its name."),
    ])
    /// What its certificate says that is signed for somebody else.
    static let signedTerms = Self.terms
}

extension ValueKind where Value == AuthorityOrder.PathLength {
    /// A number, "usual" or "unlimited".
    fileprivate static let pathLength = ValueKind(
        schema: .pathLength,
        encode: { length in
            switch length {
            case .usual: "usual"
            case .unlimited: "unlimited"
            case .limited(let number): .integer(Int64(number))
            }
        },
        decode: { value throws(ValueProblem) in
            if value.text == "usual" { return .usual }
            if value.text == "unlimited" { return .unlimited }
            do throws(ValueProblem) {
                return .limited(try ValueKind<Int>.integer(0...10).decode(value))
            } catch {
                throw ValueProblem(reason: "it has to be a number from 0 to 10, usual or unlimited")
            }
        })
}
