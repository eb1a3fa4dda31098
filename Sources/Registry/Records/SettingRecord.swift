public import Foundation

/// Settings of the whole installation: texts under names, which the registry keeps and others understand.
extension Registry {
    /// A setting; nil where nobody has set it.
    ///
    /// - Throws: ``RegistryError``.
    public func setting(_ name: String) async throws -> String? {
        try await self.database.read { connection in
            try connection.query("SELECT value FROM setting WHERE name = $1", [.text(name)]).first?.text(0)
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

    /// Sets a setting.
    ///
    /// - Parameters:
    ///   - name: Which one.
    ///   - value: What it is from now on; nil as if nobody had set it.
    ///   - isNew: Whether one that is set already stays as it is.
    ///   - initial: What holds where nobody has set it, for the event; nil for nothing.
    ///   - kind: What the event is called.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Whether it was something else before; otherwise nothing changes.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func set(
        _ name: String,
        to value: String?,
        onlyIfAbsent isNew: Bool = false,
        initially initial: String? = nil,
        event kind: EventKind = .settingChanged,
        by decider: Decider,
        at now: Date
    ) async throws -> Bool {
        try await self.database.write { connection in
            let old = try connection.query("SELECT value FROM setting WHERE name = $1", [.text(name)]).first?.text(0)
            if isNew, old != nil { return false }
            let count =
                if let value {
                    try Self.set(name, to: value, in: connection)
                } else {
                    try connection.execute("DELETE FROM setting WHERE name = $1", [.text(name)])
                }
            guard count > 0 else { return false }
            try Self.noteChange(in: connection)
            let event = NewEvent(
                kind,
                by: decider,
                object: "setting \(name)",
                before: (old ?? initial).map(AuditState.init(json:)),
                after: (value ?? initial).map(AuditState.init(json:))
            )
            try Self.record(event, at: now, in: connection)
            return true
        }
    }
}
