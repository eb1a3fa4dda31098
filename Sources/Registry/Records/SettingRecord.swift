public import Foundation

/// Settings of the whole installation: texts under names, which the registry keeps and others understand.
extension Registry {
    /// A setting; nil where nobody has set it.
    ///
    /// - Throws: ``RegistryError``.
    public func setting(_ name: String) async throws -> String? {
        try await self.database.read { connection in
            try Self.value(of: name, in: connection)
        }
    }

    /// A setting, from a database of whatever version, before it is migrated; nil where there is none, or no place for one
    /// yet.
    ///
    /// - Throws: ``RegistryError``.
    public static func probe(setting name: String, in database: any SQLDatabase) async throws -> String? {
        try? await database.read { connection in
            try connection.query("SELECT value FROM setting WHERE name = $1", [.text(name)]).first?.text(0)
        }
    }

    @discardableResult
    static func set(_ name: String, to value: String, in connection: any SQLConnection) throws -> Int {
        try connection.execute(
            """
            INSERT INTO setting (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE setting.value <> excluded.value
            """,
            [.text(name), .text(value)]
        )
    }

    /// Sets a setting, whatever it was.
    ///
    /// - Parameters:
    ///   - name: Which one.
    ///   - value: What it is from now on; nil as if nobody had set it.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Whether it was something else before; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func set(_ name: String, to value: String?, by decider: Decider, at now: Date) async throws -> Bool {
        try await self.database.write { connection in
            let old = try Self.value(of: name, in: connection)
            guard old != value else { return false }
            try Self.replace(
                name, old, by: value, initially: nil, event: .settingChanged, decider, at: now, in: connection)
            return true
        }
    }

    /// Sets a setting that still is as somebody has read it, so that two who change it do not undo each other's work.
    ///
    /// - Parameters:
    ///   - name: Which one.
    ///   - old: What it was; nil where nobody had set it.
    ///   - new: What it is from now on; nil as if nobody had set it.
    ///   - initial: What holds where nobody has set it, for the event; nil for nothing.
    ///   - kind: What the event is called; there is none where nothing changes.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Whether it still was as it was read; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    public func replaceSetting(
        _ name: String,
        _ old: String?,
        by new: String?,
        initially initial: String? = nil,
        event kind: EventKind = .settingChanged,
        by decider: Decider,
        at now: Date
    ) async throws -> Bool {
        try await self.database.write { connection in
            guard try Self.value(of: name, in: connection) == old else { return false }
            if (old ?? initial) != (new ?? initial) {
                try Self.replace(
                    name, old, by: new, initially: initial, event: kind, decider, at: now, in: connection)
            }
            return true
        }
    }

    private static func value(of name: String, in connection: any SQLConnection) throws -> String? {
        try connection.query("SELECT value FROM setting WHERE name = $1", [.text(name)]).first?.text(0)
    }

    private static func replace(
        _ name: String,
        _ old: String?,
        by new: String?,
        initially initial: String?,
        event kind: EventKind,
        _ decider: Decider,
        at now: Date,
        in connection: any SQLConnection
    ) throws {
        // First, so that whoever does the same waits until this is over.
        try Self.noteChange(in: connection)
        if let new {
            try Self.set(name, to: new, in: connection)
        } else {
            try connection.execute("DELETE FROM setting WHERE name = $1", [.text(name)])
        }
        let event = NewEvent(
            kind,
            by: decider,
            object: "setting \(name)",
            before: (old ?? initial).map(AuditState.init(json:)),
            after: (new ?? initial).map(AuditState.init(json:))
        )
        try Self.record(event, at: now, in: connection)
    }
}
