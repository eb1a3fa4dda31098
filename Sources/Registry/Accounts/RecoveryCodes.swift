/// Codes that are each good for one sign-in, in the place of a one-time code.
extension AccountTransaction {
    /// Puts new codes in the place of an account's old ones.
    ///
    /// - Parameters:
    ///   - digests: What is kept of each.
    ///   - account: Whose.
    /// - Throws: ``RegistryError``.
    public func replaceRecoveryCodes(by digests: [[UInt8]], of account: Int64) throws {
        try self.connection.execute("DELETE FROM recovery_code WHERE account_id = $1", [.integer(account)])
        for digest in digests {
            try self.connection.execute(
                "INSERT INTO recovery_code (account_id, digest) VALUES ($1, $2)", [.integer(account), .bytes(digest)])
        }
    }

    /// Uses a code up.
    ///
    /// - Parameters:
    ///   - digest: What is kept of it.
    ///   - account: Whose.
    /// - Returns: Whether it was one of the account's that was not used before.
    /// - Throws: ``RegistryError``.
    public func useRecoveryCode(_ digest: [UInt8], of account: Int64) throws -> Bool {
        try self.connection.execute(
            "UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND digest = $3 AND used_at IS NULL",
            [.date(self.now), .integer(account), .bytes(digest)]
        ) > 0
    }

    /// How many codes an account has that were not used.
    ///
    /// - Throws: ``RegistryError``.
    public func recoveryCodeCount(of account: Int64) throws -> Int {
        Int(
            try self.connection.query(
                "SELECT count(*) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL", [.integer(account)]
            ).first?.integer(0) ?? 0
        )
    }
}
