/// What was copied.
public struct CopyReport: Hashable, Sendable {
    /// The tables, by name.
    public var tables: [CopiedTable]
    /// What came of verifying the audit log of the copy; the event of the copy itself is its last entry.
    public var audit: AuditVerification
    /// Whether only the last step of a copy was made that was cut off before it.
    public var isResumed: Bool

    /// How many rows there are.
    public var rows: Int64 { self.tables.reduce(0) { $0 + $1.rows } }
}
