import AdministrationAPI
import CertificateAuthority
import Foundation
import HTTPTypes
import Registry

/// A revocation as somebody sends it.
private struct RevocationDraft: Sendable {
    /// The reasons that can be given; a hold has a route of its own, but is one too.
    enum Reason: String, CaseIterable, Sendable {
        case unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation
        case certificateHold, privilegeWithdrawn, aACompromise
    }

    var reason = Reason.unspecified
    var invalidityDate: Date?
    var note = ""
    var serials: [String] = []
    var authority: String?
    var filter = CertificateFilter()
    var isTrial = false

    private static let why: [Field<RevocationDraft>] = [
        .sent("reason", \.reason, .choice, "The CRLReason (RFC 5280 §5.3.1)."),
        .sent(
            "invalidityDate", \.invalidityDate, .optional(.date), "Since when they should not have been relied on."),
        .sent("note", \.note, .text(0...1_000), "Why, in words, for the record."),
    ]

    static let single = FieldSet(Self.why)
    static let note = FieldSet<RevocationDraft>([
        .sent("note", \.note, .text(0...1_000), "Why, in words, for the record.")
    ])

    /// What is sent to revoke several.
    static let several = FieldSet<RevocationDraft>(
        Self.why + [
            .sent(
                "serialNumbers", \.serials, .list(of: .text(1...200), 0...10_000),
                "The serial numbers, in hexadecimal; none where the others say what is meant."),
            .sent("ca", \.authority, .optional(.text(1...200)), "Those of a CA."),
            .sent("profile", \.filter.profile, .optional(.text(1...40)), "Those of a profile."),
            .sent("template", \.filter.template, .optional(.text(1...100)), "Those of a template."),
            .sent(
                "origin", \.filter.origins, .list(of: ValueKind<CertificateOrigin>.choice, 0...4),
                "Those that came to be like this; scep and manual where nothing is said."),
            .sent("name", \.filter.name, .optional(.text(1...300)), "Those with a name, whole, in any case."),
            .sent("q", \.filter.search, .optional(.text(1...300)), "Those with a part of a name."),
            .sent("device", \.filter.device, .optional(.text(1...200)), "Those of a device."),
            .sent("endsBefore", \.filter.endingBefore, .optional(.date), "Those that end before this time."),
            .sent("endsAfter", \.filter.endingAfter, .optional(.date), "Those that end at this time or later."),
            .sent("issuedSince", \.filter.issuedAfter, .optional(.date), "Those issued at this time or later."),
            .sent("issuedBefore", \.filter.issuedBefore, .optional(.date), "Those issued before this time."),
            .sent("dryRun", \.isTrial, .boolean, "Whether only what would be revoked is said."),
        ])

    var request: RevocationRequest {
        RevocationRequest(
            reason: RevocationReason(name: self.reason.rawValue) ?? .unspecified, invalidityDate: self.invalidityDate,
            note: self.note)
    }
}

extension API {
    private static let group = "Certificates"
    private static let result = FieldSet<RevocationResult>([
        .answered("serialNumber", .anyText, "The serial number.") { $0.serialNumber },
        .answered("subject", .anyText, "The subject.") { $0.subject },
        .answered("notAfter", .date, "The end.") { $0.notAfter },
        .answered("done", .boolean, "Whether it has changed.") { $0.obstacle == nil },
        .answered("problem", .optional(.anyText), "Why nothing has changed.") { $0.obstacle },
    ])
    private static let results = APIAnswer.json(
        .object([("items", .array(of: Self.result.schema))], required: ["items"]), "What came of each.")

    /// Revocations, which are on the CRL within a second.
    static let revocationRoutes: [APIRoute] = [
        Self.change(
            "revoke", "revokeCertificate", "Revoke a certificate, or put it on hold.", RevocationDraft.single,
            example: ["reason": "keyCompromise", "note": "the laptop was stolen"]
        ) { request, draft, serial, authority in
            try await request.administration.revoke(
                [serial], authority: authority, for: draft.request, by: try request.decider, at: request.now)
        },
        Self.change(
            "hold", "holdCertificate", "Put a certificate on hold, which can be taken back.", RevocationDraft.note
        ) { request, draft, serial, authority in
            try await request.administration.revoke(
                [serial], authority: authority,
                for: RevocationRequest(reason: .certificateHold, note: draft.note), by: try request.decider,
                at: request.now)
        },
        Self.change(
            "release", "releaseCertificate", "Make a certificate valid again that is on hold.", RevocationDraft.note
        ) { request, draft, serial, authority in
            try await request.administration.release(
                [serial], authority: authority, note: draft.note, by: try request.decider, at: request.now)
        },
        APIRoute(
            method: .post, path: "/certificates/revoke", name: "revokeCertificates", group: Self.group,
            summary: "Revoke several certificates: those named, or all of which everything that is said is true.",
            access: .permission(.revokeCertificates), input: RevocationDraft.several.sentSchema(isNew: true),
            inputExample: ["profile": "vpn", "reason": "superseded", "dryRun": true], maximumBody: 2 << 20,
            answer: Self.results, problems: [.notFound, .conflict, .invalid, .refused]
        ) { request in try await Self.revokeSeveral(request) },
    ]

    /// A route that changes what holds of one certificate.
    private static func change(
        _ verb: String,
        _ name: String,
        _ summary: String,
        _ fields: FieldSet<RevocationDraft>,
        example: JSONValue? = nil,
        _ run: @escaping @Sendable (APIRequest, RevocationDraft, String, String?) async throws -> [RevocationResult]
    ) -> APIRoute {
        APIRoute(
            method: .post, path: "/certificates/{serial}/\(verb)", name: name, group: Self.group, summary: summary,
            access: .permission(.revokeCertificates), pathParameters: Self.serial,
            query: [CertificateQuery.authority.parameter], input: fields.sentSchema(isNew: true),
            inputExample: example, answer: .json(.named("CertificateDetail"), "The certificate as it is now."),
            problems: [.notFound, .conflict, .invalid, .refused]
        ) { request in
            let draft = try request.read(fields, into: RevocationDraft())
            let (serial, authority) = (request.parameter("serial"), try request.query(CertificateQuery.authority))
            if try !request.principal.permissions.contains(.writeAuthorities) {
                try await request.administration.checkAreDevices([serial], authority: authority)
            }
            if let obstacle = try await run(request, draft, serial, authority).lazy.compactMap(\.obstacle).first {
                throw APIProblem(.conflict, "the certificate \(serial) stays as it is: \(obstacle)")
            }
            return .json(
                CertificateFields.detailed.json(
                    try await request.administration.certificate(serial, authority: authority)))
        }
    }

    private static func revokeSeveral(_ request: APIRequest) async throws -> APIReply {
        let draft = try request.read(RevocationDraft.several, into: RevocationDraft())
        let administration = request.administration
        if try !request.principal.permissions.contains(.writeAuthorities) {
            try await administration.checkAreDevices(draft.serials, authority: draft.authority)
            try Administration.checkAreDevices(draft.filter.origins)
        }
        let isFiltered = draft.filter != CertificateFilter() || draft.authority != nil
        guard draft.serials.isEmpty != (draft.filter == CertificateFilter()) || draft.serials.isEmpty && isFiltered
        else {
            throw APIProblem(
                .invalid, "say which certificates: by serialNumbers, or by what they have in common, not by both",
                problems: [ValueProblem(path: "serialNumbers", reason: "these, or the other fields, are expected")])
        }
        if draft.serials.isEmpty, draft.isTrial {
            let found = try await administration.revocable(
                draft.filter, authority: draft.authority, for: draft.request, at: request.now)
            return .json([
                "items": .array(found.map { Self.result.json(RevocationResult(trial: $0)) })
            ])
        }
        let results =
            draft.serials.isEmpty
            ? try await administration.revokeAll(
                draft.filter, authority: draft.authority, for: draft.request, by: try request.decider, at: request.now)
            : draft.isTrial
                ? try await administration.trial(draft.serials, authority: draft.authority)
                : try await administration.revoke(
                    draft.serials, authority: draft.authority, for: draft.request, by: try request.decider,
                    at: request.now)
        return .json(["items": .array(results.map(Self.result.json))])
    }
}
