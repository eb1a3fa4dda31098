public import Foundation

/// Which certificates are looked for; what is nil or empty does not matter.
public struct CertificateFilter: Hashable, Sendable {
    /// The CA that issued them.
    public var authority: Int64?
    /// The profile through which they were requested.
    public var profile: String?
    /// The template by which they were issued.
    public var template: String?
    /// How they came to be; empty for all.
    public var origins: [CertificateOrigin]
    /// The content octets of the serial number.
    public var serialNumber: [UInt8]?
    /// The subject, readable, as it is recorded.
    public var subject: String?
    /// One of their names as a whole, in any case.
    public var name: String?
    /// A part of their subject or of one of their names, in any case.
    ///
    /// Of certificates that were issued before names were recorded it is the subject only, and on SQLite only letters
    /// of ASCII are found there in any case.
    public var search: String?
    /// The device that the challenge was made for with which they were requested.
    public var device: String?
    /// SHA-256 of the SubjectPublicKeyInfo.
    public var keyDigest: [UInt8]?
    /// What they are good for; empty for all.
    public var states: [CertificateState]
    /// They end before this.
    public var endingBefore: Date?
    /// They end at this or later.
    public var endingAfter: Date?
    /// They were issued at this or later.
    public var issuedAfter: Date?
    /// They were issued before this.
    public var issuedBefore: Date?

    /// Makes a filter.
    public init(
        authority: Int64? = nil,
        profile: String? = nil,
        template: String? = nil,
        origins: [CertificateOrigin] = [],
        serialNumber: [UInt8]? = nil,
        subject: String? = nil,
        name: String? = nil,
        search: String? = nil,
        device: String? = nil,
        keyDigest: [UInt8]? = nil,
        states: [CertificateState] = [],
        endingBefore: Date? = nil,
        endingAfter: Date? = nil,
        issuedAfter: Date? = nil,
        issuedBefore: Date? = nil
    ) {
        self.authority = authority
        self.profile = profile
        self.template = template
        self.origins = origins
        self.serialNumber = serialNumber
        self.subject = subject
        self.name = name
        self.search = search
        self.device = device
        self.keyDigest = keyDigest
        self.states = states
        self.endingBefore = endingBefore
        self.endingAfter = endingAfter
        self.issuedAfter = issuedAfter
        self.issuedBefore = issuedBefore
    }
}

extension Registry {
    /// Certificates without the certificates themselves, however long it takes to find them.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - now: When they are what the filter says.
    ///   - order: In which order.
    ///   - last: The last number of the page before; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: What is known of them.
    /// - Throws: ``RegistryError``.
    public func certificates(
        _ filter: CertificateFilter,
        at now: Date,
        order: ListOrder = .newestFirst,
        after last: Int64? = nil,
        limit: Int
    ) async throws -> [CertificateSummary] {
        try await self.certificatePage(filter, at: now, order: order, after: last, limit: limit, patience: nil).items
    }

    /// Certificates, page by page, without the certificates themselves.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - now: When they are what the filter says.
    ///   - order: In which order.
    ///   - last: The number behind which it goes on; nil for the first page.
    ///   - limit: How many at most.
    ///   - patience: After how long it stops looking; nil for never.
    /// - Returns: The page.
    /// - Throws: ``RegistryError``.
    public func certificatePage(
        _ filter: CertificateFilter,
        at now: Date,
        order: ListOrder = .newestFirst,
        after last: Int64? = nil,
        limit: Int,
        patience: Duration? = Registry.patience
    ) async throws -> ListPage<CertificateSummary> {
        try await self.page(
            filter.query(at: now), order: order, after: last, limit: limit, patience: patience
        ) { connection, clauses, values in
            try connection.query("SELECT \(CertificateSummary.columns) FROM certificate \(clauses)", values)
                .map(CertificateSummary.init)
        }
    }

    /// How many certificates there are.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - now: When they are what the filter says.
    ///   - maximum: Where counting stops; nil for nowhere.
    /// - Returns: Their number, or where counting stopped.
    /// - Throws: ``RegistryError``.
    public func certificateCount(
        _ filter: CertificateFilter,
        at now: Date,
        atMost maximum: Int? = nil
    ) async throws -> Int {
        try await self.count(filter.query(at: now), atMost: maximum)
    }
}

extension CertificateFilter {
    /// What is looked for.
    ///
    /// A column with a plus sign in front is compared without its index: SQLite would go through a million entries of it
    /// and sort them, where the first page is among the last rows.
    func query(at now: Date) -> ListQuery {
        var query = ListQuery(.certificates)
        self.addIdentity(to: &query.conditions)
        self.addNames(to: &query)
        self.addTimes(to: &query)
        self.addStates(to: &query, at: now)
        return query
    }

    /// Whether only certificates are meant that are revoked in some way, of which there are few.
    private var isRevokedOnly: Bool { !self.states.isEmpty && self.states.allSatisfy { $0 == .revoked || $0 == .held } }

    private func addIdentity(to conditions: inout SQLConditions) {
        if let authority = self.authority {
            conditions.add("authority_id =", .integer(authority))
        } else if self.serialNumber != nil {
            conditions.add("authority_id IN (SELECT authority.id FROM authority)")
        }
        if let serialNumber = self.serialNumber { conditions.add("serial_number =", .bytes(serialNumber)) }
        if let keyDigest = self.keyDigest { conditions.add("key_digest =", .bytes(keyDigest)) }
        if let profile = self.profile { conditions.add("profile =", .text(profile)) }
        if let template = self.template { conditions.add("template =", .text(template)) }
        conditions.add("origin", isOneOf: self.origins.map { .text($0.rawValue) })
        // As the index says it.
        if !self.origins.isEmpty, !self.origins.contains(.scep) { conditions.add("origin <> 'scep'") }
    }

    private func addNames(to query: inout ListQuery) {
        if let subject = self.subject { query.conditions.add("subject =", .subject(subject)) }
        if let name = self.name {
            let pattern = query.conditions.parameter(.text(SearchText.pattern(name: name)))
            query.conditions.add("names LIKE \(pattern) \(SearchText.escape)")
            query.parts.append(SearchText.folded(name))
        }
        if let search = self.search {
            let pattern = query.conditions.parameter(.text(SearchText.pattern(part: search)))
            query.conditions.add(
                """
                (names LIKE \(pattern) \(SearchText.escape)
                    OR names = '' AND lower(subject) LIKE \(pattern) \(SearchText.escape))
                """
            )
        }
        if let search = self.search { query.parts.append(SearchText.folded(search)) }
        if let device = self.device {
            // A challenge's number may have become another one's after its profile was deleted.
            let parameter = query.conditions.parameter(.text(device))
            query.conditions.add(
                """
                id IN (SELECT request.certificate_id
                    FROM challenge JOIN request ON request.challenge_id = challenge.id
                        AND request.profile = challenge.profile AND challenge.created_at <= request.created_at
                    WHERE challenge.device = \(parameter) AND request.certificate_id IS NOT NULL)
                """
            )
        }
    }

    private func addTimes(to query: inout ListQuery) {
        query.addEnd(after: self.endingAfter, before: self.endingBefore)
        query.add(since: self.issuedAfter, until: self.issuedBefore)
    }

    private func addStates(to query: inout ListQuery, at now: Date) {
        guard !self.states.isEmpty else { return }
        if self.isRevokedOnly { query.conditions.add("revocation_sequence IS NOT NULL") }
        if self.states == [.held] { query.conditions.add("revocation_reason = \(Revocation.hold)") }
        if self.states == [.expired] { query.blocks.append(("first_end <=", .date(now))) }
        if self.states == [.valid] { query.blocks.append(("last_end >", .date(now))) }
        let hold = "COALESCE(revocation_reason, 0) = \(Revocation.hold)"
        let alternatives = CertificateState.allCases.filter(self.states.contains).map { state in
            switch state {
            case .valid: "revoked_at IS NULL AND +not_after > \(query.conditions.parameter(.date(now)))"
            case .expired: "revoked_at IS NULL AND +not_after <= \(query.conditions.parameter(.date(now)))"
            case .revoked: "revoked_at IS NOT NULL AND NOT \(hold)"
            case .held: "revoked_at IS NOT NULL AND \(hold)"
            }
        }
        query.conditions.add("(" + alternatives.map { "(\($0))" }.joined(separator: " OR ") + ")")
    }
}
