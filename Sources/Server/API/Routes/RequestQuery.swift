import AdministrationAPI
import Foundation
import HTTPTypes
import Registry

/// The parameters by which requests are found.
enum RequestQuery {
    private static let status = QueryParameter(
        "status", .list(of: ValueKind<RequestFilter.Status>.choice, 1...5), "What became of them, separated by commas.")
    private static let profile = QueryParameter("profile", .text(1...40), "Those of a profile.")
    private static let transactionID = QueryParameter("transactionID", .text(1...255), "Those of a transaction.")
    private static let address = QueryParameter("address", .text(1...200), "Those from an address.")
    private static let search = QueryParameter("q", .text(1...200), "A part of the subject, in any case.")
    private static let challenge = QueryParameter("challenge", .number, "Those that had a challenge.")
    private static let since = QueryParameter("since", .filterDate, "Those that came at this time or later.")
    private static let until = QueryParameter("until", .filterDate, "Those that came before this time.")

    static let parameters = [
        Self.status.parameter, Self.profile.parameter, Self.transactionID.parameter, Self.address.parameter,
        Self.search.parameter, Self.challenge.parameter, Self.since.parameter, Self.until.parameter,
    ]

    /// What a request to the API asks for.
    static func filter(_ request: APIRequest) throws(APIProblem) -> RequestFilter {
        var filter = RequestFilter()
        filter.statuses = try request.query(Self.status) ?? []
        filter.profile = try request.query(Self.profile)
        filter.transactionID = try request.query(Self.transactionID)
        filter.clientAddress = try request.query(Self.address)
        filter.search = try request.query(Self.search)
        filter.challenge = try request.query(Self.challenge)
        filter.since = try request.query(Self.since)
        filter.until = try request.query(Self.until)
        return filter
    }

    /// Whether counting has to look at more than those that wait, for which there is an index.
    static func isMuch(_ query: [(name: String, value: String)]) -> Bool {
        let indexed = [Self.status.parameter.name, Self.profile.parameter.name, APICount.atMost.parameter.name]
        let isOfWaiting = query.contains { $0.name == "status" && $0.value == RequestFilter.Status.pending.rawValue }
        return !isOfWaiting || !query.allSatisfy { indexed.contains($0.name) }
    }
}
