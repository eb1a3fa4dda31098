import AdministrationAPI
import Foundation
import HTTPTypes
import Registry

/// The parameters by which certificates are found.
enum CertificateQuery {
    static let authority = QueryParameter("ca", .text(1...200), "Those of a CA.")
    static let profile = QueryParameter("profile", .text(1...40), "Those of a profile.")
    static let template = QueryParameter("template", .text(1...100), "Those of a template.")
    static let origin = QueryParameter(
        "origin", .list(of: ValueKind<CertificateOrigin>.choice, 1...4), "How they came to be, separated by commas.")
    static let state = QueryParameter(
        "state", .list(of: ValueKind<CertificateState>.choice, 1...4), "What they are good for, separated by commas.")
    static let subject = QueryParameter("subject", .text(1...500), "Those for a subject, as it is shown.")
    static let name = QueryParameter("name", .text(1...300), "One of their names, whole, in any case.")
    static let search = QueryParameter("q", .text(1...300), "A part of their subject or names, in any case.")
    static let device = QueryParameter("device", .text(1...200), "The device that their challenge was made for.")
    static let endsBefore = QueryParameter("endsBefore", .filterDate, "Those that end before this time.")
    static let endsAfter = QueryParameter("endsAfter", .filterDate, "Those that end at this time or later.")
    static let issuedSince = QueryParameter("issuedSince", .filterDate, "Those issued at this time or later.")
    static let issuedBefore = QueryParameter("issuedBefore", .filterDate, "Those issued before this time.")

    static let parameters = [
        Self.authority.parameter, Self.profile.parameter, Self.template.parameter, Self.origin.parameter,
        Self.state.parameter, Self.subject.parameter, Self.name.parameter, Self.search.parameter, Self.device.parameter,
        Self.endsBefore.parameter, Self.endsAfter.parameter, Self.issuedSince.parameter, Self.issuedBefore.parameter,
    ]

    /// What a request asks for.
    static func filter(_ request: APIRequest) throws(APIProblem) -> CertificateFilter {
        CertificateFilter(
            profile: try request.query(Self.profile),
            template: try request.query(Self.template),
            origins: try request.query(Self.origin) ?? [],
            subject: try request.query(Self.subject),
            name: try request.query(Self.name),
            search: try request.query(Self.search),
            device: try request.query(Self.device),
            states: try request.query(Self.state) ?? [],
            endingBefore: try request.query(Self.endsBefore),
            endingAfter: try request.query(Self.endsAfter),
            issuedAfter: try request.query(Self.issuedSince),
            issuedBefore: try request.query(Self.issuedBefore)
        )
    }
}
