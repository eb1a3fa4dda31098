public import Foundation
public import Registry

/// Taking the audit log out.
extension Administration {
    /// Exports the audit log, the oldest entry first, some hundred at a time.
    ///
    /// An event says beforehand that somebody does. An export of everything as JSON lines can be verified like the database;
    /// see ``AuditExport``.
    ///
    /// - Parameters:
    ///   - filter: Which entries; nil for everything, with what is known of entries that were forgotten.
    ///   - format: How it is written.
    ///   - decider: Who exports it.
    ///   - now: The time.
    ///   - write: Takes the next part.
    /// - Returns: How many entries there are in it.
    /// - Throws: What taking a part throws, ``RegistryError``, or `CancellationError`.
    public func exportAudit(
        _ filter: EventFilter? = nil,
        as format: AuditExport.Format,
        by decider: Decider,
        at now: Date,
        _ write: (String) async throws -> Void
    ) async throws -> Int {
        let event = NewEvent(
            .auditExported,
            by: decider,
            object: "audit log",
            detail: filter == nil ? "the whole audit log as \(format.rawValue)" : "a selection as \(format.rawValue)"
        )
        try await self.registry.record(event, at: now)
        try await write(try AuditExport.header(format, isWhole: filter == nil))
        guard let filter else { return try await self.exportAll(format, write) }
        var count = 0
        var last: Int64?
        while true {
            try Task.checkCancellation()
            let page = try await self.registry.events(filter, after: last, order: .oldestFirst, limit: 500)
            guard let end = page.last else { return count }
            try await write(try AuditExport.text(page.map(AuditItem.entry), format))
            count += page.count
            last = end.id
        }
    }

    private func exportAll(_ format: AuditExport.Format, _ write: (String) async throws -> Void) async throws -> Int {
        var count = 0
        var position = AuditPosition()
        while true {
            try Task.checkCancellation()
            let page = try await self.registry.auditPage(from: position)
            try await write(try AuditExport.text(page.items, format))
            count += page.items.count { if case .gap = $0 { false } else { true } }
            if let heads = page.heads {
                try await write(try AuditExport.end(heads, format))
                return count
            }
            position = page.end
        }
    }
}
