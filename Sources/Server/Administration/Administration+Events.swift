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
}
