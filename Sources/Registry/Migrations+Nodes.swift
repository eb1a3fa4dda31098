extension Migrations {
    /// The eighth step: what nodes that share the database tell each other; see ``AddressUse``.
    static let nodes: [String] = [
        """
        CREATE TABLE address_use (
            id {identity},
            node TEXT NOT NULL,
            limit_name TEXT NOT NULL,
            address TEXT NOT NULL,
            count BIGINT NOT NULL,
            at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX address_use_at ON address_use (at)",
    ]
}
