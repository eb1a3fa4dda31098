public import Foundation

/// What came of deleting a template.
public enum TemplateDeletion: Hashable, Sendable {
    /// It is deleted.
    case deleted
    /// There is no such template.
    case unknown
    /// Nothing changes: it is not as it was read any more.
    case changed
    /// Nothing changes: these need it, as people call them.
    case inUse(by: [String])
}

/// In whose JSON a template may be named; the registry does not understand it.
public struct TemplateNaming: Sendable {
    /// The template that a profile's settings name; nil for none.
    public var inSettings: @Sendable (String) throws -> String?
    /// The template that a challenge's binding names; nil for none.
    public var inBinding: @Sendable (String) throws -> String?

    /// Makes a record.
    ///
    /// - Parameters:
    ///   - inSettings: Reads a profile's settings; what it throws ends the deletion, and nothing has changed.
    ///   - inBinding: Reads a challenge's binding; what it throws ends the deletion, so it gives nil for one that cannot be
    ///     understood and cannot be used.
    public init(
        inSettings: @escaping @Sendable (String) throws -> String?,
        inBinding: @escaping @Sendable (String) throws -> String?
    ) {
        self.inSettings = inSettings
        self.inBinding = inBinding
    }
}

extension Registry {
    /// Deletes a template that nobody needs.
    ///
    /// It is needed by profiles and by challenges that can still be used and name it, and by certificates for which it was
    /// decided and which can be renewed.
    ///
    /// - Parameters:
    ///   - name: The template.
    ///   - old: Its settings as they were read, if they have to be so still; nil where that does not matter.
    ///   - naming: In whose JSON a template may be named.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: What came of it.
    /// - Throws: ``RegistryError``, or what the closures throw.
    public func deleteTemplate(
        _ name: String,
        from old: String? = nil,
        named naming: TemplateNaming,
        by decider: Decider,
        at now: Date
    ) async throws -> TemplateDeletion {
        try await self.database.decide { connection -> TemplateDeletion in
            // First, so that whoever changes a profile waits until this is over.
            try Self.noteChange(in: connection)
            let deleted = try connection.query(
                "DELETE FROM template WHERE name = $1 RETURNING settings", [.text(name)]
            ).first
            guard let deleted else { throw Undone(answer: TemplateDeletion.unknown) }
            guard try old == nil || deleted.text(0) == old else { throw Undone(answer: TemplateDeletion.changed) }
            let users =
                try Self.profiles(naming: name, naming, in: connection)
                + Self.challenges(naming: name, naming, at: now, in: connection)
                + Self.certificates(assigned: name, at: now, in: connection)
            guard users.isEmpty else { throw Undone(answer: TemplateDeletion.inUse(by: users)) }
            let event = NewEvent(
                .templateDeleted,
                by: decider,
                object: "template \(name)",
                before: AuditState(json: try deleted.text(0))
            )
            try Self.record(event, at: now, in: connection)
            return .deleted
        }
    }

    private static func profiles(
        naming template: String,
        _ naming: TemplateNaming,
        in connection: any SQLConnection
    ) throws -> [String] {
        try connection.query("SELECT name, settings FROM profile ORDER BY name", []).compactMap { row in
            try naming.inSettings(row.text(1)) == template ? "profile \(try row.text(0))" : nil
        }
    }

    private static func challenges(
        naming template: String,
        _ naming: TemplateNaming,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> [String] {
        var (users, further) = ([String](), 0)
        // A use that is reserved is one that is left: the request waits and will be issued as its challenge says.
        try connection.forEach(
            """
            SELECT id, binding FROM challenge
            WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)
                AND (max_uses IS NULL OR uses < max_uses) AND binding <> '{}'
            ORDER BY id
            """,
            [.date(now)]
        ) { row in
            guard try naming.inBinding(row.text(1)) == template else { return }
            if users.count < 10 { users.append("challenge \(try row.integer(0))") } else { further += 1 }
        }
        return further == 0 ? users : users + ["\(further) further challenges"]
    }

    private static func certificates(
        assigned template: String,
        at now: Date,
        in connection: any SQLConnection
    ) throws -> [String] {
        let count =
            try connection.query(
                """
                SELECT count(*) FROM certificate WHERE assigned_template = $1 AND not_after > $2
                    AND (revoked_at IS NULL OR revocation_reason = \(Revocation.hold))
                """,
                [.text(template), .date(now)]
            ).first?.integer(0) ?? 0
        return count == 0 ? [] : [count == 1 ? "1 certificate" : "\(count) certificates"]
    }
}
