public import Enrollment
public import Registry

/// What was decided, by whom and why.
extension Administration {
    /// Events, the newest first.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: Only those before the one with this number; nil for all.
    ///   - limit: How many at most.
    /// - Returns: The events.
    /// - Throws: ``RegistryError``.
    public func events(_ filter: EventFilter, after last: Int64? = nil, limit: Int) async throws -> [EventRecord] {
        try await self.registry.events(filter, after: last, limit: limit)
    }

    /// An event, and what the rules said.
    ///
    /// - Parameter id: The event's number.
    /// - Returns: The event, and the explanation of its request; nil where no rules were asked.
    /// - Throws: ``AdministrationError`` where there is none of that number, or ``RegistryError``.
    public func event(_ id: Int64) async throws -> (EventRecord, Explanation?) {
        guard let event = try await self.registry.event(id) else {
            throw AdministrationError("there is no event \(id): ucm event list shows the latest ones")
        }
        var text = event.explanation
        if text.isEmpty, let request = event.request {
            text = try await self.registry.request(request)?.request.explanation ?? ""
        }
        return (event, Explanation(text: text))
    }
}
