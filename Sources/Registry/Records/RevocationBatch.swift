import Foundation

/// Certificates that are revoked or released in one transaction; whoever else wants to change them has to wait.
///
/// Those of one CA get one number, which is the CA's count of such changes: by it a list knows what it has seen. The CA's
/// row is changed after the certificates are locked and stays locked until the commit, so whoever sees a number has seen
/// all smaller ones.
struct RevocationBatch {
    /// A certificate as it is before the change.
    private struct Certificate {
        let id: Int64
        let authority: Int64
        let profile: String?
        let subject: String
        let revocation: Revocation?
        let serialNumber: [UInt8]

        /// In hexadecimal, without the octet that only keeps it positive.
        var readableSerialNumber: String {
            let octets =
                self.serialNumber.count > 1 && self.serialNumber[0] == 0
                ? self.serialNumber.dropFirst() : self.serialNumber[...]
            return octets.map { String($0 >> 4, radix: 16) + String($0 & 0xf, radix: 16) }.joined()
        }
    }

    private let certificates: [Certificate]
    private let connection: any SQLConnection

    /// Locks certificates; those that are not there are left out.
    init(locking ids: [Int64], in connection: any SQLConnection) throws {
        self.connection = connection
        self.certificates = try ids.compactMap { id in
            try connection.query(
                """
                UPDATE certificate SET issued_by = issued_by WHERE id = $1
                RETURNING authority_id, profile, subject, revoked_at, revocation_reason, invalidity_date, serial_number
                """,
                [.integer(id)]
            ).first.map { row in
                Certificate(
                    id: id,
                    authority: try row.integer(0),
                    profile: try row.textIfPresent(1),
                    subject: try row.text(2),
                    revocation: try Revocation(row, at: 3),
                    serialNumber: try row.bytes(6)
                )
            }
        }
    }

    /// Changes revocations and records an event of each that changes.
    ///
    /// - Parameters:
    ///   - kind: What the events tell of.
    ///   - actor: Who does it.
    ///   - note: What the events say.
    ///   - now: The time.
    ///   - decide: What comes of a certificate that is revoked so, and what its revocation becomes; nil where nothing
    ///     changes, and nil in it where it is revoked no more.
    /// - Returns: What came of each.
    /// - Throws: ``RegistryError``.
    func change<Outcome>(
        _ kind: EventKind,
        by actor: Decider,
        note: String,
        at now: Date,
        _ decide: (Revocation?) -> (outcome: Outcome, change: Revocation??)
    ) throws -> [Int64: Outcome] {
        var outcomes: [Int64: Outcome] = [:]
        var changes: [Int64: [(certificate: Certificate, revocation: Revocation?)]] = [:]
        for certificate in self.certificates {
            let (outcome, change) = decide(certificate.revocation)
            outcomes[certificate.id] = outcome
            if let change { changes[certificate.authority, default: []].append((certificate, change)) }
        }
        for (authority, changed) in changes.sorted(by: { $0.key < $1.key }) {
            let sequence = try Self.nextSequence(of: authority, in: self.connection)
            for (certificate, revocation) in changed {
                try self.set(revocation, of: certificate, sequence)
                let event = NewEvent(
                    kind,
                    by: actor,
                    profile: certificate.profile,
                    certificate: certificate.id,
                    subject: certificate.subject,
                    // A subject may be that of many certificates.
                    detail: "serial number \(certificate.readableSerialNumber): \(note)",
                    before: Revocation.auditState(certificate.revocation),
                    after: Revocation.auditState(revocation)
                )
                try Registry.record(event, at: now, in: self.connection)
            }
        }
        return outcomes
    }

    /// The number of the next change of a CA's.
    static func nextSequence(of authority: Int64, in connection: any SQLConnection) throws -> Int64 {
        let row = try connection.query(
            """
            UPDATE authority SET revocation_changes = revocation_changes + 1 WHERE id = $1
            RETURNING revocation_changes
            """,
            [.integer(authority)]
        ).first
        guard let row else { throw RegistryError.damaged("there is no CA \(authority)") }
        return try row.integer(0)
    }

    private func set(_ revocation: Revocation?, of certificate: Certificate, _ sequence: Int64) throws {
        try CertificateCounting.move(
            certificate.id, from: CertificateCounting.Mark(certificate.revocation),
            to: CertificateCounting.Mark(revocation), in: self.connection)
        try self.connection.execute(
            """
            UPDATE certificate SET revoked_at = $1, revocation_reason = $2, invalidity_date = $3,
                revocation_sequence = $4
            WHERE id = $5
            """,
            [
                .date(ifPresent: revocation?.date), .integer(ifPresent: revocation.map { Int64($0.reason) }),
                .date(ifPresent: revocation?.invalidityDate), .integer(sequence), .integer(certificate.id),
            ]
        )
    }
}
