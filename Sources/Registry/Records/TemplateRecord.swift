public import Foundation

/// What certificates are to be like, under a name.
public struct TemplateRecord: Hashable, Sendable {
    /// The name, unique.
    public var name: String
    /// The settings, as JSON that others understand.
    public var settings: String
    /// Who made and changed it; nil for one that is to be recorded.
    public internal(set) var history: History?

    /// Who made and changed a template.
    public struct History: Hashable, Sendable {
        /// When it was made.
        public var createdAt: Date
        /// Who made it.
        public var createdBy: String
        /// When it was changed last; when it was made, where it was not.
        public var changedAt: Date
        /// Who changed it last.
        public var changedBy: String
    }

    /// Makes a record.
    public init(name: String, settings: String) {
        self.name = name
        self.settings = settings
    }
}

extension Registry {
    /// All templates, by name.
    ///
    /// - Throws: ``RegistryError``.
    public func templates() async throws -> [TemplateRecord] {
        try await self.database.read { connection in
            try connection.query(
                "SELECT name, settings, created_at, created_by, changed_at, changed_by FROM template ORDER BY name", []
            ).map { row in
                var template = TemplateRecord(name: try row.text(0), settings: try row.text(1))
                template.history = TemplateRecord.History(
                    createdAt: try row.date(2),
                    createdBy: try row.text(3),
                    changedAt: try row.date(4),
                    changedBy: try row.text(5)
                )
                return template
            }
        }
    }

    /// Records a new template.
    ///
    /// - Parameters:
    ///   - template: The template.
    ///   - creator: Who makes it.
    ///   - now: The time.
    /// - Returns: Whether there was none of its name; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    public func insert(_ template: TemplateRecord, by creator: Decider, at now: Date) async throws -> Bool {
        try await self.database.write { connection in
            let count = try connection.execute(
                """
                INSERT INTO template (name, settings, created_at, created_by, changed_at, changed_by)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING
                """,
                [
                    .text(template.name), .text(template.settings), .date(now), .decider(creator), .date(now),
                    .decider(creator),
                ]
            )
            guard count > 0 else { return false }
            try Self.noteChange(in: connection)
            let event = NewEvent(
                .templateCreated,
                by: creator,
                object: "template \(template.name)",
                after: AuditState(json: template.settings)
            )
            try Self.record(event, at: now, in: connection)
            return true
        }
    }

    /// Replaces a template's settings.
    ///
    /// - Parameters:
    ///   - template: The template as it shall be.
    ///   - old: The template as it was read.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Whether it still was as it was read; otherwise nothing changes, so that two who change a template at the
    ///   same time do not undo each other's work.
    /// - Throws: ``RegistryError``.
    public func update(
        _ template: TemplateRecord,
        from old: TemplateRecord,
        by decider: Decider,
        at now: Date
    ) async throws -> Bool {
        try await self.database.write { connection in
            let count = try connection.execute(
                """
                UPDATE template SET settings = $1, changed_at = $2, changed_by = $3 WHERE name = $4 AND settings = $5
                """,
                [.text(template.settings), .date(now), .decider(decider), .text(template.name), .text(old.settings)]
            )
            guard count > 0 else { return false }
            try Self.noteChange(in: connection)
            let event = NewEvent(
                .templateChanged,
                by: decider,
                object: "template \(template.name)",
                before: AuditState(json: old.settings),
                after: AuditState(json: template.settings)
            )
            try Self.record(event, at: now, in: connection)
            return true
        }
    }
}
