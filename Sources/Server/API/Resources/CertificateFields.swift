import AdministrationAPI
import CertificateAuthority
import Crypto
import Foundation
import Registry
import SCEP

/// Certificates in the API.
enum CertificateFields {
    private static let summary: [Field<CertificateDescription>] = [
        .answered("serialNumber", .anyText, "Its serial number, in hexadecimal.", example: "3fa0c1") {
            $0.serialNumber
        },
        .answered("ca", .anyText, "The CA that issued it.", example: "UCM CA") { $0.authority },
        .answered("state", .choice, "What it is good for now.") { $0.summary.state(at: Date()) },
        .answered("subject", .anyText, "Its subject.", example: "CN=pump-4") { $0.summary.subject },
        .answered("names", .list(of: .anyText, 0...Int.max), "The names by which it is found, in small letters.") {
            $0.summary.names
        },
        .answered("notBefore", .date, "Its start.") { $0.summary.notBefore },
        .answered("notAfter", .date, "Its end.") { $0.summary.notAfter },
        .answered("issuedAt", .date, "When it was issued.") { $0.summary.createdAt },
        .answered("profile", .optional(.anyText), "The profile through which it was asked for.") { $0.summary.profile },
        .answered("template", .optional(.anyText), "The template by which it was made.") { $0.summary.template },
        .answered("origin", .choice, "How it came to be.") { $0.summary.origin },
        .answered("issuedBy", .optional(.anyText), "Who issued it by hand.") { $0.summary.issuedBy },
        .answered("keyFingerprint", .optional(.anyText), "SHA-256 of the SubjectPublicKeyInfo.") {
            $0.summary.keyDigest?.hexadecimal
        },
        .answered("revokedAt", .optional(.date), "Since when it is revoked or on hold.") {
            $0.summary.revocation?.date
        },
        .answered("revocationReason", .optional(.anyText), "Why.", example: "keyCompromise") {
            $0.summary.revocation.map { RevocationReason(stored: $0.reason).name }
        },
        .answered("invalidityDate", .optional(.date), "Since when it should not have been relied on.") {
            $0.summary.revocation?.invalidityDate
        },
    ]

    /// What is answered in lists.
    static let listed = FieldSet(Self.summary)

    private static let `extension` = FieldSet<ReadableExtension>([
        .answered("identifier", .anyText, "Its object identifier.") { $0.identifier },
        .answered("name", .anyText, "Its name.") { $0.name },
        .answered("critical", .boolean, "Whether it is critical.") { $0.isCritical },
        .answered("values", .list(of: .anyText, 0...Int.max), "What it says.") { $0.values },
    ])

    /// What is answered of a single one.
    static let detailed = FieldSet<CertificateDetail>(
        Self.summary.map { $0.within(\.description).readOnly } + [
            .answered("fingerprint", .anyText, "SHA-256 of the certificate.") {
                SHA256.hash(data: $0.encoded).hexadecimal
            },
            .answered("extensions", listOf: Self.extension, "What it says besides.") { detail in
                ((try? CertificateDetails(encoded: detail.encoded))?.extensions ?? []).map(ReadableExtension.init)
            },
            .answered("pem", .anyText, "The certificate.") { PEMChunks.text($0.encoded, label: "CERTIFICATE") },
            .answered("chain", .list(of: .anyText, 0...Int.max), "The CA's certificate and those above it, as PEM.") {
                $0.chain.map { PEMChunks.text($0, label: "CERTIFICATE") }
            },
            .answered("events", listOf: EventFields.brief, "What was decided on it by hand.") { $0.events },
        ])
}

/// How a key that was made for somebody is handed over.
enum KeyForm: String, CaseIterable, Sendable {
    /// As PKCS#8 in PEM, not encrypted.
    case pem
    /// As PKCS#12, encrypted with AES-256.
    case pkcs12
    /// As PKCS#12, encrypted with 3DES, for macOS and Windows of before 2022.
    case pkcs12Compatible = "pkcs12-compatible"
}

/// A certificate as somebody orders it.
struct CertificateDraft: Sendable {
    var request: [UInt8]?
    var key: KeyAlgorithm?
    var form = KeyForm.pkcs12
    var wantsBoth = false
    var password: String?
    var order = CertificateOrder(key: .generated(.p256))

    private static let keyFields: [Field<CertificateDraft>] = [
        .sent("csr", \.request, .optional(.requestFile), "A PKCS#10 request, as PEM or base64 of DER."),
        .sent("key", \.key, .optional(.choice), "Make a key of this kind."),
        .sent("keyForm", \.form, .choice, "How a key that is made here is handed over."),
        .sent("keyAlsoAsPEM", \.wantsBoth, .boolean, "Whether it is also handed over as PEM, besides PKCS#12."),
        .sent(
            "password", \.password, .optional(.text(1...255, pattern: "[^\\x00]*")),
            "The password of the PKCS#12 file; nothing for one that is made, and answered."),
    ]

    /// What is sent to renew one.
    static let renewal = FieldSet(Self.keyFields)

    /// What is sent to have one issued.
    static let new = FieldSet<CertificateDraft>(
        Self.keyFields + [
            .sent("ca", \.order.authority, .optional(.text(1...200)), "The CA; null for the default one."),
            .sent("template", \.order.template, .text(1...100), "The template."),
            .sent("subject", \.order.subject, .optional(.text(1...2_000)), "The subject; null for the request's."),
            .sent(
                "sans", \.order.alternativeNames, .optional(.list(of: .text(1...500), 0...100)),
                "The SANs, as in DNS:host.example.com; null for the request's."),
            .sent(
                "validityDays", \.order.validityDays, .optional(.integer(1...36_500)),
                "For how many days; null for as many as the template says."),
        ])

    /// The key that is meant; nil where nothing is said.
    func choice() throws(APIProblem) -> CertificateOrder.Key? {
        guard self.request == nil || self.key == nil else {
            throw APIProblem(
                .invalid, "a request brings its own key",
                problems: [ValueProblem(path: "key", reason: "it is not for where csr is sent")])
        }
        return self.request.map { .request($0) } ?? self.key.map { .generated($0) }
    }

    /// The schema of what is answered.
    static let handed = Schema.object(
        [
            ("serialNumber", Schema.string().described("The serial number, in hexadecimal.", example: "3fa0c1")),
            ("certificate", Schema.string().described("The certificate, as PEM.")),
            (
                "chain",
                Schema.array(of: .string()).described("The CA's certificate and those above it, as PEM.")
            ),
            ("privateKey", Schema.string().orNull.described("The key that was made, as PEM; it is not kept.")),
            (
                "pkcs12",
                Schema.string(format: "byte").orNull.described("Key, certificate and chain as PKCS#12, in base64.")
            ),
            ("password", Schema.string().orNull.described("The password that was made for it.")),
        ], required: ["serialNumber", "certificate", "chain", "privateKey", "pkcs12", "password"])

    /// What is answered of a certificate that was issued.
    func handed(_ made: HandedCertificate) throws -> JSONValue {
        var answer: JSONValue = [
            "serialNumber": .string(made.serialNumber),
            "certificate": .string(PEMChunks.text(made.certificate, label: "CERTIFICATE")),
            "chain": .array(made.chain.map { .string(PEMChunks.text($0, label: "CERTIFICATE")) }),
        ]
        var (privateKey, file, password): (String?, String?, String?)
        if let key = made.key {
            if self.wantsBoth { privateKey = PEMChunks.text(key.pkcs8, label: "PRIVATE KEY") }
            switch self.form {
            case .pem: privateKey = PEMChunks.text(key.pkcs8, label: "PRIVATE KEY")
            case .pkcs12, .pkcs12Compatible:
                password = self.password == nil ? Administration.generatedPassword() : nil
                file = Data(
                    try PKCS12.make(
                        key: key, certificate: made.certificate, chain: made.chain, friendlyName: made.serialNumber,
                        password: self.password ?? password ?? "",
                        encryption: self.form == .pkcs12 ? .modern : .compatible)
                ).base64EncodedString()
            }
        }
        answer.append("privateKey", .text(ifPresent: privateKey))
        answer.append("pkcs12", .text(ifPresent: file))
        answer.append("password", .text(ifPresent: password))
        return answer
    }
}
