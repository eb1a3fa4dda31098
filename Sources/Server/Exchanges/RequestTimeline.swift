import Enrollment
public import Foundation
public import Registry

/// Something that happened to a request: an exchange with its device, or what was decided on it.
public struct TimelineItem: Sendable {
    /// What sort of thing it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The device asked and was answered.
        case exchange
        /// Something was recorded or decided.
        case event
    }

    /// What it is.
    public enum Content: Sendable {
        /// The device asked and was answered.
        case exchange(ExchangeDescription)
        /// Something was recorded or decided.
        case event(EventRecord)
    }

    /// What it is.
    public var content: Content

    /// What sort of thing it is.
    public var kind: Kind {
        switch self.content {
        case .exchange: .exchange
        case .event: .event
        }
    }

    /// When it happened.
    public var date: Date {
        switch self.content {
        case .exchange(let description): description.record.exchange.date
        case .event(let event): event.date
        }
    }

    /// What happened, in a few words of the field.
    public var title: String {
        switch self.content {
        case .exchange(let description): description.record.exchange.title
        case .event(let event): event.title
        }
    }

    /// What else is to be said; nil for nothing.
    public var detail: String? {
        let text =
            switch self.content {
            case .exchange(let description): description.record.exchange.detail
            case .event(let event): event.detail
            }
        return text.isEmpty ? nil : text
    }

    /// How it ended.
    public var outcome: String? {
        switch self.content {
        case .exchange(let description): description.record.exchange.outcome.rawValue
        case .event(let event): event.kind?.outcome.rawValue
        }
    }
}

extension NewExchange {
    /// What was asked and what came of it, as RFC 8894 calls it.
    fileprivate var title: String {
        let asked = self.messageType ?? self.operation.rawValue
        return switch self.outcome {
        case .answered: asked
        case .issued: "\(asked): SUCCESS, a certificate was issued"
        case .sent: "\(asked): SUCCESS, the certificate was sent"
        case .crl: "\(asked): SUCCESS, the CRL was sent"
        case .pending: "\(asked): PENDING"
        case .refused: self.failInfo.map { "\(asked): FAILURE, \($0)" } ?? "\(asked): HTTP \(self.status)"
        case .limited, .malformed, .unanswered: "\(asked): HTTP \(self.status)"
        }
    }

    /// What else is to be said.
    fileprivate var detail: String {
        [
            self.reason, self.serialNumber.map { "serial number \($0)" },
            self.occurrences > 1
                ? "and \(self.occurrences - 1) more of this address in the same minute" : nil,
        ].compactMap(\.self).joined(separator: "; ")
    }
}

extension EventRecord {
    /// What happened, and by whom.
    var title: String {
        let who = self.actor.replacing(" at the command line", with: "")
        return switch self.kind {
        case .issued: "The certificate was issued"
        case .renewed: "The certificate was renewed"
        case .pending: "The request waits for approval"
        case .refused: "The request was refused"
        case .approvalGiven: "\(who) approved; more approvals are needed"
        case .approved: "\(who) approved, and the certificate was issued"
        case .rejected: "\(who) rejected the request"
        case .expired: "Nobody approved the request in time"
        case .certificateIssued: "\(who) issued the certificate"
        case .certificateRevoked: "\(who) revoked the certificate"
        case .certificateReleased: "\(who) released the certificate"
        default: "\(who): \(self.kindName)"
        }
    }
}

/// What happened to a request, in the order of time.
extension Administration {
    /// How long before the first message of a transaction its device may have asked for capabilities and certificates.
    static let timelineLead = 600.0

    /// How many exchanges of a transaction, and how many of before it, are shown.
    private static let timelineLimits = (exchanges: 500, before: 20)

    /// What happened to a request, in the order of time.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - withCertificate: Whether what was decided on its certificate belongs to it.
    ///   - now: The time.
    /// - Returns: The exchanges of its transaction, what its device asked shortly before, and the events.
    /// - Throws: ``ApprovalError/unknown(_:)`` or ``RegistryError``.
    public func timeline(
        ofRequest id: Int64,
        withCertificate: Bool = true,
        at now: Date
    ) async throws -> [TimelineItem] {
        guard let record = try await self.registry.request(id) else { throw ApprovalError.unknown(id) }
        let exchanges = try await self.describe(self.exchanges(of: record), at: now)
        let items =
            exchanges.map { TimelineItem(content: .exchange($0)) }
            + (try await self.events(of: id, withCertificate)).map { TimelineItem(content: .event($0)) }
        // Of the same moment, what was asked comes before what came of it.
        return items.enumerated().sorted { one, other in
            (one.element.date, one.offset) < (other.element.date, other.offset)
        }.map(\.element)
    }

    private func exchanges(of record: RequestRecord) async throws -> [ExchangeRecord] {
        let transaction = record.request.identity.transaction
        let limit = Self.timelineLimits.exchanges
        let own = try await self.registry.exchanges(ExchangeFilter(request: record.id), limit: limit)
        var filter = ExchangeFilter(profile: transaction.profile)
        var found = Dictionary(own.map { ($0.id, $0) }) { first, _ in first }
        let others = try await self.otherRequests(than: record)
        for transactionID in Set(own.compactMap(\.exchange.transactionID) + [transaction.transactionID]) {
            filter.transactionID = transactionID
            for exchange in try await self.registry.exchanges(filter, limit: limit)
            where exchange.exchange.request.map({ !others.contains($0) }) ?? true {
                found[exchange.id] = exchange
            }
        }
        let exchanges = found.values.sorted { $0.id < $1.id }
        guard let first = exchanges.min(by: { $0.exchange.date < $1.exchange.date })?.exchange else { return [] }
        let earlier = try await self.exchanges(before: first, transaction.profile, record.request.subject)
        return earlier.filter { found[$0.id] == nil } + exchanges
    }

    /// The requests that have the same transactionID and are another device's: who signs is what tells them apart.
    private func otherRequests(than record: RequestRecord) async throws -> Set<Int64> {
        let transaction = record.request.identity.transaction
        var filter = RequestFilter()
        filter.profile = transaction.profile
        filter.transactionID = transaction.transactionID
        let same = try await self.registry.requests(filter, limit: 1_000)
        return Set(same.filter { $0.request.identity.transaction != transaction }.map(\.id))
    }

    /// What the same address asked shortly before the first message, which is probably the same device: what there is, and
    /// under other transactionIDs, without success, what it asks for here.
    private func exchanges(
        before first: NewExchange,
        _ profile: String,
        _ subject: String
    ) async throws -> [ExchangeRecord] {
        var filter = ExchangeFilter(
            profile: profile,
            operations: [.getCACaps, .getCACert, .getNextCACert],
            clientAddress: first.clientAddress,
            since: first.date.addingTimeInterval(-Self.timelineLead),
            until: first.date.addingTimeInterval(0.001)
        )
        let limit = Self.timelineLimits.before
        let questions = try await self.registry.exchanges(filter, limit: limit)
        filter.operations = [.pkiOperation]
        filter.subject = subject
        let attempts = try await self.registry.exchanges(filter, limit: limit).filter { $0.exchange.request == nil }
        return (questions + attempts).sorted { $0.id < $1.id }
    }

    private func events(of request: Int64, _ withCertificate: Bool) async throws -> [EventRecord] {
        let events = try await self.registry.events(request: request)
        guard withCertificate else { return events }
        var all = events
        for certificate in Set(events.compactMap(\.certificate)) {
            all += try await self.registry.events(certificate: certificate)
        }
        let unique = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
        return unique.values.sorted { $0.id < $1.id }
    }
}
