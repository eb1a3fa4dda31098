import Foundation

@testable import Registry

/// Records to put into a registry.
enum TestRecords {
    static let now = Date(timeIntervalSince1970: 1_800_000_000.125)
    static let profile = "default"

    static func certificate(_ number: Int, profile: String? = Self.profile) -> NewCertificate {
        NewCertificate(
            serialNumber: Self.bytes(number),
            profile: profile,
            subject: "CN=device \(number)",
            notBefore: Self.now.addingTimeInterval(-300),
            notAfter: Self.now.addingTimeInterval(31_536_000),
            encoded: [0x30] + Self.bytes(number)
        )
    }

    static func request(
        _ number: Int,
        transactionID: String = "transaction",
        key: Int = 1,
        names: Int? = nil,
        authority: Int64 = 1,
        challenge: ChallengeUse? = nil,
        expiresAt: Date? = nil
    ) -> NewRequest {
        NewRequest(
            identity: RequestIdentity(
                transaction: TransactionIdentity(
                    profile: Self.profile,
                    transactionID: transactionID,
                    keyDigest: Self.bytes(key)
                ),
                requestDigest: Self.bytes(number)
            ),
            authority: authority,
            messageType: 19,
            subject: "CN=device \(names ?? number)",
            namesDigest: Self.bytes(names ?? number),
            clientAddress: "192.0.2.7",
            sealedRequest: [0x31] + Self.bytes(number),
            challenge: challenge,
            explanation: "challenge: holds",
            expiresAt: expiresAt
        )
    }

    static func challenge(
        _ number: Int,
        uses: Int? = nil,
        expiresAt: Date? = nil,
        profile: String = Self.profile
    ) -> NewChallenge {
        NewChallenge(
            profile: profile,
            digest: [0x34] + Self.bytes(number),
            label: "challenge \(number)",
            maximumUses: uses,
            expiresAt: expiresAt
        )
    }

    /// How many may wait where a test does not care.
    static let limits = QueueLimits(perProfile: 10_000, perAddress: 10_000)

    static func serviceKey(_ number: Int, _ purpose: ServiceKey.Purpose = .registrationAuthority) -> ServiceKey {
        ServiceKey(
            purpose: purpose,
            certificate: [0x32] + Self.bytes(number),
            sealedKey: [0x33] + Self.bytes(number),
            notAfter: Self.now.addingTimeInterval(Double(number))
        )
    }

    static var installation: Installation {
        Installation(
            authority: NewAuthority(name: "CA", certificate: [1, 2, 3], sealedKey: [4, 5, 6]),
            serviceKeys: [(Self.serviceKey(1), Self.certificate(1_000_001, profile: nil))],
            profile: ProfileRecord(
                name: Self.profile,
                authority: 0,
                settings: #"{"mode":"ra"}"#
            ),
            challenges: [Self.challenge(7), Self.challenge(9)],
            account: NewAccount(name: "admin", passwordHash: "scrypt$…", role: "administrator")
        )
    }

    static func bytes(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: Int64(number).bigEndian) { Array($0) }
    }
}

extension Registry {
    /// Puts a CA and a profile in, and returns the CA's number.
    func install() async throws -> Int64 {
        try await self.insert(TestRecords.installation, at: TestRecords.now)
        return try await self.authorities()[0].id
    }

    /// Records a challenge and returns what a request says that uses it.
    func makeChallenge(
        _ number: Int,
        uses: Int? = nil,
        expiresAt: Date? = nil,
        profile: String = TestRecords.profile
    ) async throws -> ChallengeUse {
        let challenge = TestRecords.challenge(number, uses: uses, expiresAt: expiresAt, profile: profile)
        guard
            case .inserted(let ids) = try await self.insert([challenge], by: "anna", at: TestRecords.now),
            let id = ids.first
        else { throw RegistryError.failed("a test's challenge is not recorded") }
        return ChallengeUse(id: id, isLimited: uses != nil)
    }

    /// Records a further profile of the same CA.
    func addProfile(_ name: String) async throws -> Bool {
        let profile = ProfileRecord(name: name, authority: 1, settings: "{}")
        return try await self.insert(profile, challenges: [], by: "anna", at: TestRecords.now)
    }

    /// How many rows there are of everything that a request leaves behind.
    func counts() async throws -> [Int64] {
        var counts: [Int64] = []
        for table in ["request", "certificate", "challenge_use", "approval", "event"] {
            counts.append(try await self.count(table))
        }
        return counts
    }

    /// Lets a request wait and returns its number.
    func waiting(_ request: NewRequest, at now: Date = TestRecords.now) async throws -> Int64 {
        switch try await self.pend(request, limits: TestRecords.limits, at: now) {
        case .recorded(let id), .replacing(let id): return id
        default: throw RegistryError.failed("a test's request does not wait")
        }
    }

    /// How often a challenge is used and reserved.
    func usage(of challenge: ChallengeUse) async throws -> Usage {
        let record = try await self.challenge(challenge.id)
        return Usage(uses: record?.uses ?? -1, reserved: record?.reserved ?? -1)
    }

    /// How often a challenge is used and reserved.
    struct Usage: Hashable {
        var uses: Int
        var reserved: Int
    }

    /// The kinds of all events, the oldest first, without those of the installation.
    func eventKinds() async throws -> [EventKind?] {
        let installation: Set<EventKind?> = [.profileCreated, .challengeCreated]
        return try await self.events(limit: 10_000).filter { $0.actor != "first start" }.map(\.kind)
            .filter { !installation.contains($0) }.reversed()
    }

    /// How many rows a table has.
    func count(_ table: String) async throws -> Int64 {
        try await self.database.read { try $0.query("SELECT count(*) FROM \(table)", [])[0].integer(0) }
    }
    /// The certificate that a request was granted; nil where it was not.
    func granted(_ identity: RequestIdentity) async throws -> [UInt8]? {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT certificate.encoded FROM certificate JOIN request ON request.certificate_id = certificate.id
                WHERE request.profile = $1 AND transaction_id = $2 AND request.key_digest = $3
                    AND request_digest = $4
                """,
                [
                    .text(identity.transaction.profile), .text(identity.transaction.transactionID),
                    .bytes(identity.transaction.keyDigest), .bytes(identity.requestDigest),
                ]
            ).first.map { try $0.bytes(0) }
        }
    }
}

extension Recording {
    /// Whether the request is recorded now.
    var isRecorded: Bool {
        switch self {
        case .recorded, .replacing: true
        default: false
        }
    }

    /// What became of the same request before; nil where it is another answer.
    var earlierState: RequestState? { if case .earlier(let state, _) = self { state } else { nil } }
}

extension Registry {
    /// Lets a request wait, where a test does not care for the limits.
    func pend(_ request: NewRequest, at now: Date) async throws -> Recording {
        try await self.pend(request, limits: TestRecords.limits, at: now)
    }

    /// Approves alone.
    func approve(
        _ id: Int64,
        _ certificate: NewCertificate,
        by decider: Decider = "anna",
        at now: Date = TestRecords.now
    ) async throws -> ApprovalOutcome {
        try await self.approve(id, certificate, by: decider, terms: "", needed: 1, at: now)
    }
}
