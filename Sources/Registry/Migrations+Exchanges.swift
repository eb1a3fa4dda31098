extension Migrations {
    /// The sixth step: the exchange log, one row for what a client asked by SCEP and was answered.
    ///
    /// It is written after the answer, so it refers to nothing: what it names may be forgotten before or after it.
    static let exchanges: [String] = [
        """
        CREATE TABLE exchange (
            id {identity},
            at BIGINT NOT NULL,
            profile TEXT,
            client_address TEXT NOT NULL,
            operation TEXT NOT NULL,
            message_type TEXT,
            transaction_id TEXT,
            subject TEXT,
            request_id BIGINT,
            challenge_id BIGINT,
            serial_number TEXT,
            outcome TEXT NOT NULL,
            fail_info TEXT,
            cause TEXT,
            reason TEXT,
            digest TEXT,
            cipher TEXT,
            signature TEXT,
            status BIGINT NOT NULL,
            milliseconds BIGINT NOT NULL,
            occurrences BIGINT NOT NULL
        )
        """,
        "CREATE INDEX exchange_at ON exchange (at, id)",
        "CREATE INDEX exchange_address ON exchange (client_address, id)",
        "CREATE INDEX exchange_transaction ON exchange (transaction_id, id) WHERE transaction_id IS NOT NULL",
        "CREATE INDEX exchange_subject ON exchange (subject, id) WHERE subject IS NOT NULL",
        "CREATE INDEX exchange_cause ON exchange (cause, at, occurrences) WHERE cause IS NOT NULL",
        "CREATE INDEX exchange_request ON exchange (request_id, id) WHERE request_id IS NOT NULL",
    ]
}
