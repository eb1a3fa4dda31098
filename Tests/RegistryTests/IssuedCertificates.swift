import Foundation

@testable import Registry

extension TestRecords {
    /// A further CA.
    static func authority(_ name: String, parents: [[UInt8]] = []) -> NewAuthority {
        NewAuthority(name: name, certificate: Array(name.utf8), parents: parents, sealedKey: [7] + Array(name.utf8))
    }

    /// What is remembered of a certificate that is made by hand.
    static let issuing = NewEvent(.certificateIssued, by: "anna", detail: "by hand")

    /// That a key is in other hands.
    static let compromise = RevocationOrder(
        reason: 1,
        invalidityDate: Self.now.addingTimeInterval(-60),
        note: "keyCompromise: stolen",
        by: "anna"
    )

    /// That a certificate is not to be used for a while.
    static let hold = RevocationOrder(reason: 6, note: "certificateHold", by: "bea")
}

extension Registry {
    /// Records certificates of a CA and returns their numbers.
    func issue(_ numbers: some Sequence<Int>, authority: Int64 = 1) async throws -> [Int64] {
        var ids: [Int64] = []
        for number in numbers {
            ids.append(try await self.issue(TestRecords.certificate(number), authority: authority))
        }
        return ids
    }

    /// Records a certificate and returns its number.
    func issue(_ certificate: NewCertificate, authority: Int64 = 1, at now: Date = TestRecords.now) async throws
        -> Int64
    {
        try await self.insert(certificate, authority: authority, event: TestRecords.issuing, at: now)
    }

    /// Records a further CA and returns its number.
    func addAuthority(_ name: String) async throws -> Int64 {
        let id = try await self.insert(
            TestRecords.authority(name), serviceKeys: [], by: "anna", at: TestRecords.now)
        guard let id else { throw RegistryError.failed("a test's CA is not recorded") }
        return id
    }

    /// The number of changes at which the revocation of a certificate changed last; nil where it never did.
    func sequence(of id: Int64) async throws -> Int64? {
        try await self.database.read { connection in
            try connection.query("SELECT revocation_sequence FROM certificate WHERE id = $1", [.integer(id)])
                .first?.integerIfPresent(0)
        }
    }

    /// Whether something changes the revision that running servers follow.
    func notesChange(_ body: () async throws -> Void) async throws -> Bool {
        let before = try await self.configurationRevision()
        try await body()
        return try await self.configurationRevision() != before
    }
}
