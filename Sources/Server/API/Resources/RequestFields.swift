import AdministrationAPI
import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP

/// Requests in the API.
enum RequestFields {
    private static let summary: [Field<RequestDescription>] = [
        .answered("id", .number, "Its number.", example: 17) { $0.record.id },
        .answered("status", .choice, "What became of it.") { $0.record.status },
        .answered("subject", .anyText, "The subject that is asked for.", example: "CN=pump-4") {
            $0.record.request.subject
        },
        .answered("sans", .list(of: .anyText, 0...Int.max), "The SANs that are asked for.", example: ["DNS:pump-4"]) {
            $0.report?.alternativeNames ?? []
        },
        .answered("profile", .anyText, "The profile.") { $0.record.request.identity.transaction.profile },
        .answered("transactionID", .anyText, "The transactionID.") {
            $0.record.request.identity.transaction.transactionID
        },
        .answered("renewal", .boolean, "Whether a certificate of ours signed it.") {
            $0.record.request.signerCertificate != nil
        },
        .answered("address", .anyText, "From where it came.") { $0.record.request.clientAddress },
        .answered("key", .optional(.anyText), "The key; null where the request is not kept.", example: "RSA 2048") {
            $0.report?.key.description
        },
        .answered("keyFingerprint", .optional(.anyText), "SHA-256 of the SubjectPublicKeyInfo.") {
            $0.report?.key.fingerprint
        },
        .answered("csrFingerprint", .optional(.anyText), "SHA-256 of the PKCS#10 request.") { $0.report?.fingerprint },
        .answered("createdAt", .date, "When it came.") { $0.record.createdAt },
        .answered("expiresAt", .optional(.date), "Until when it waits.") {
            $0.record.state == .pending ? $0.record.request.expiresAt : nil
        },
        .answered("decidedAt", .optional(.date), "When it was granted, rejected or given up.") { $0.record.decidedAt },
        .answered("decidedBy", .optional(.anyText), "Who approved or rejected it.") { $0.record.decidedBy },
        .answered("reason", .optional(.anyText), "Why it was rejected.") {
            if case .rejected(let reason)? = $0.record.state { reason } else { nil }
        },
    ]

    /// What is answered in lists.
    static let listed = FieldSet(Self.summary)

    private static let namedText = FieldSet<(name: String, values: [String])>([
        .answered("name", .anyText, "Its name.") { $0.name },
        .answered("values", .list(of: .anyText, 0...Int.max), "Its values.") { $0.values },
    ])

    private static let `extension` = FieldSet<ReadableExtension>([
        .answered("identifier", .anyText, "Its object identifier.") { $0.identifier },
        .answered("name", .anyText, "Its name.") { $0.name },
        .answered("critical", .boolean, "Whether it is critical.") { $0.isCritical },
        .answered("values", .list(of: .anyText, 0...Int.max), "What it says.") { $0.values },
    ])

    private static let report = FieldSet<RequestReport>([
        .answered("subject", listOf: Self.namedText, "The attributes of the subject.") { report in
            report.subject.map { ($0.type, [$0.value]) }
        },
        .answered("extensions", listOf: Self.extension, "The extensions that are asked for.") { $0.extensions },
        .answered("extensionsFault", .optional(.anyText), "Why nothing can be issued for them as they are.") {
            $0.extensionsFault
        },
        .answered("attributes", listOf: Self.namedText, "The other attributes; the challenge is not shown.") { report in
            report.attributes.map { ($0.name, $0.values) }
        },
        .answered("signatureAlgorithm", .anyText, "How it is signed.") { $0.signatureAlgorithm },
    ])

    private static let approval = FieldSet<ApprovalRecord>([
        .answered("by", .anyText, "Who approves.") { $0.decider },
        .answered("terms", .anyText, "On what terms.") { $0.terms },
        .answered("at", .date, "When.") { $0.date },
    ])

    private static let earlier = FieldSet<RequestDetail.EarlierCertificate>([
        .answered("serialNumber", .anyText, "Its serial number, in hexadecimal.") { $0.serial },
        .answered("subject", .anyText, "Its subject.") { $0.subject },
        .answered("notAfter", .date, "Its end.") { $0.notAfter },
        .answered("state", .anyText, "Whether it is valid, ended or revoked.") { $0.state },
        .answered("sameKey", .boolean, "Whether it is for the same key.") { $0.hasSameKey },
    ])

    /// What is answered of a single one.
    static let detailed = FieldSet<RequestDetail>(
        Self.summary.map { $0.within(\.description).readOnly } + [
            .answered("csr", Self.report, "What is in it; null where it is not kept.") { $0.description.report },
            .answered("challenge", .optional(.anyText), "The challenge that it had, by its name.") { $0.challenge },
            .answered("explanation", ExplanationFields.shown, "What the rules said.") { $0.explanation },
            .answered("approvals", listOf: Self.approval, "Who has approved it so far.") { $0.approvals },
            .answered("earlierCertificates", listOf: Self.earlier, "Certificates of the same name or key.") {
                $0.earlierCertificates
            },
            .answered("certificate", .optional(.anyText), "The certificate that was issued, as PEM.") { detail in
                if case .issued(let encoded)? = detail.description.record.state {
                    PEMChunks.text(encoded, label: "CERTIFICATE")
                } else {
                    nil
                }
            },
            .answered("serialNumber", .optional(.anyText), "Its serial number, in hexadecimal.") {
                $0.issued.map { ReadableText.serialNumber($0.certificate.identifier.serialNumber) }
            },
            .answered("issuedTo", .optional(.anyText), "Its subject, which need not be the one that was asked for.") {
                $0.issued.map { NameText.text($0.certificate.subject) }
            },
            .answered("notAfter", .optional(.date), "The last second of its validity.") { $0.issued?.notAfter },
            .answered("events", listOf: EventFields.brief, "What was decided on it.") { $0.events },
        ])
}

extension RequestReport {
    /// The SANs that are asked for.
    fileprivate var alternativeNames: [String] {
        self.extensions.first { $0.identifier == "2.5.29.17" }?.values ?? []
    }
}

extension RequestDetail {
    /// The certificate that was issued; nil where none was.
    fileprivate var issued: CertificateDetails? {
        guard case .issued(let encoded)? = self.description.record.state else { return nil }
        return try? CertificateDetails(encoded: encoded)
    }
}

extension RequestRecord {
    /// What became of it, in a word.
    var status: RequestFilter.Status {
        switch self.state {
        case .pending?: .pending
        case .issued?: .issued
        case .rejected?: .rejected
        case .expired?: .expired
        case nil: .replaced
        }
    }
}
