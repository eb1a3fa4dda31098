public import Enrollment
public import Foundation
public import Registry

/// The audit log: what was changed and decided, by whom, from where and why.
extension Administration {
    /// Events, page by page.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: Only those behind the one with this number; nil for all.
    ///   - order: In which order.
    ///   - limit: How many at most.
    /// - Returns: The events.
    /// - Throws: ``RegistryError``.
    public func events(
        _ filter: EventFilter,
        after last: Int64? = nil,
        order: ListOrder = .newestFirst,
        limit: Int
    ) async throws -> [EventRecord] {
        try await self.registry.events(filter, after: last, order: order, limit: limit)
    }

    /// An event, and what the rules said.
    ///
    /// - Parameter id: The event's number.
    /// - Returns: The event, and the explanation of its request; nil where no rules were asked.
    /// - Throws: ``AdministrationError`` where there is none of that number, or ``RegistryError``.
    public func event(_ id: Int64) async throws -> (EventRecord, Explanation?) {
        guard let event = try await self.registry.event(id) else {
            throw AdministrationError("there is no event \(id): ucm audit list shows the latest ones", .notFound)
        }
        var text = event.explanation
        if text.isEmpty, let request = event.request {
            text = try await self.registry.request(request)?.request.explanation ?? ""
        }
        return (event, Explanation(text: text))
    }

    /// Verifies the audit log, while a server may go on.
    ///
    /// - Parameters:
    ///   - expected: An end that somebody noted earlier, such as from the server's log; nil for none.
    ///   - progress: Is told how many entries were looked at, again and again.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``, or `CancellationError`.
    public func verifyAudit(
        expecting expected: AuditLink? = nil,
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> AuditVerification {
        try await self.registry.verifyAudit(expecting: expected, progress: progress)
    }

    /// Forgets entries of the audit log before a day, of whatever kind; the rest can still be verified.
    ///
    /// - Parameters:
    ///   - date: Those before are forgotten.
    ///   - decider: Who decides it.
    ///   - now: The time.
    /// - Returns: How many were forgotten.
    /// - Throws: ``AdministrationError`` where the day is to come, or ``RegistryError``.
    public func pruneAudit(before date: Date, by decider: Decider, at now: Date) async throws -> Int {
        guard date <= now else {
            throw AdministrationError(
                "\(date.formatted(.iso8601)) is to come: only what is in the past can be forgotten", field: "before")
        }
        return try await self.registry.prune(eventsBefore: date, by: decider, at: now)
    }

    /// After how many days entries of the audit log are forgotten; nil for never.
    ///
    /// - Throws: ``RegistryError``.
    public func auditRetention() async throws -> Int? {
        try await self.registry.auditRetentionDays()
    }

    /// Sets after how many days entries of the audit log are forgotten, which a running server does once a day.
    ///
    /// - Parameters:
    ///   - days: How many; nil for never.
    ///   - decider: Who decides it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` where that are no days, or ``RegistryError``.
    public func setAuditRetention(_ days: Int?, by decider: Decider, at now: Date) async throws {
        if let days, !(1...36_500).contains(days) {
            throw AdministrationError("the audit log is kept for 1 to 36500 days, or forever", field: "days")
        }
        try await self.registry.set(Registry.auditRetention, to: days.map { "\($0)" }, by: decider, at: now)
    }
}
