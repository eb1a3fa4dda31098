import AdministrationAPI
import Enrollment
import Foundation
import HTTPTypes
import Registry

/// The messageTypes that clients send (RFC 8894 §3.2.1.2), by their names.
private enum AskedMessageType: String, CaseIterable, Sendable {
    case pkcsReq = "PKCSReq"
    case renewalReq = "RenewalReq"
    case certPoll = "CertPoll"
    case getCert = "GetCert"
    case getCRL = "GetCRL"
}

extension API {
    private static let group = "Exchanges"
    private static let profile = QueryParameter("profile", .text(1...40), "Those of a profile.")
    private static let outcome = QueryParameter(
        "outcome", .list(of: ValueKind<ExchangeOutcome>.choice, 1...ExchangeOutcome.allCases.count),
        "How they ended, separated by commas.")
    private static let failure = QueryParameter(
        "failure", .list(of: ValueKind<RefusalCause>.choice, 1...RefusalCause.allCases.count),
        "Why they failed, in a word each, separated by commas.")
    private static let operation = QueryParameter(
        "operation", .list(of: ValueKind<ExchangeOperation>.choice, 1...ExchangeOperation.allCases.count),
        "What was asked for, separated by commas.")
    private static let messageType = QueryParameter(
        "messageType", .list(of: ValueKind<AskedMessageType>.choice, 1...AskedMessageType.allCases.count),
        "Their messageTypes, separated by commas.")
    private static let address = QueryParameter("address", .text(1...200), "Those from an address.")
    private static let transactionID = QueryParameter("transactionID", .text(1...255), "Those of a transaction.")
    private static let request = QueryParameter("request", .number, "Those about a request.")
    private static let subject = QueryParameter("subject", .text(1...500), "Those for a subject, as it is shown.")
    private static let search = QueryParameter("q", .text(1...200), "A part of the subject, in any case.")
    private static let since = QueryParameter("since", .filterDate, "Those that came at this time or later.")
    private static let until = QueryParameter("until", .filterDate, "Those that came before this time.")

    /// What clients asked by SCEP and were answered.
    static let exchangeRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/exchanges", name: "listExchanges", group: Self.group,
            summary: "List what clients asked by SCEP and were answered, the newest first.",
            access: .permission(.readRequests),
            query: [
                Self.profile.parameter, Self.outcome.parameter, Self.failure.parameter, Self.operation.parameter,
                Self.messageType.parameter,
                Self.address.parameter, Self.transactionID.parameter, Self.request.parameter, Self.subject.parameter,
                Self.search.parameter, Self.since.parameter, Self.until.parameter, APIList.order.parameter,
            ] + APIList.paging,
            answer: APIList.answer("Exchange", "The exchanges.")
        ) { request in
            let limit = try request.limit
            let page = try await request.administration.exchanges(
                try Self.exchangeFilter(request), after: try request.query(APIList.after),
                order: try request.query(APIList.order)?.order ?? .newestFirst, limit: limit, at: request.now)
            return APIList.page(page, ExchangeFields.shown)
        },
        APIRoute(
            method: .get, path: "/requests/{id}/timeline", name: "getRequestTimeline", group: Self.group,
            summary: "Show what happened to a request, from its device's first question on, in the order of time.",
            access: .permission(.readRequests), pathParameters: [(name: "id", summary: "The request's number.")],
            answer: .json(
                .object([("items", .array(of: .named("TimelineItem")))], required: ["items"]), "What happened."),
            problems: [.notFound]
        ) { request in
            let seesCertificates = try request.principal.permissions.contains(.readCertificates)
            let items = try await request.administration.timeline(
                ofRequest: request.number, withCertificate: seesCertificates, at: request.now)
            return .json(["items": .array(items.map(ExchangeFields.timeline.json))])
        },
    ]

    private static func exchangeFilter(_ request: APIRequest) throws(APIProblem) -> ExchangeFilter {
        ExchangeFilter(
            profile: try request.query(Self.profile),
            outcomes: try request.query(Self.outcome) ?? [],
            causes: try request.query(Self.failure)?.map(\.rawValue) ?? [],
            operations: try request.query(Self.operation) ?? [],
            messageTypes: try request.query(Self.messageType)?.map(\.rawValue) ?? [],
            clientAddress: try request.query(Self.address),
            transactionID: try request.query(Self.transactionID),
            request: try request.query(Self.request),
            subject: try request.query(Self.subject),
            search: try request.query(Self.search),
            since: try request.query(Self.since),
            until: try request.query(Self.until)
        )
    }
}
