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
        authority: Int64 = 1
    ) -> NewRequest {
        NewRequest(
            identity: RequestIdentity(
                transaction: TransactionIdentity(
                    profile: Self.profile,
                    transactionID: transactionID,
                    keyDigest: Self.bytes(1)
                ),
                requestDigest: Self.bytes(number)
            ),
            authority: authority,
            messageType: 19,
            subject: "CN=device \(number)",
            clientAddress: "192.0.2.7",
            sealedRequest: [0x31] + Self.bytes(number)
        )
    }

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
                settings: #"{"mode":"ra"}"#,
                challenges: [[7, 8], [9]]
            ),
            account: Account(name: "admin", passwordHash: "scrypt$…", role: "administrator")
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
                WHERE request.profile = $1 AND transaction_id = $2 AND key_digest = $3 AND request_digest = $4
                """,
                [
                    .text(identity.transaction.profile), .text(identity.transaction.transactionID),
                    .bytes(identity.transaction.keyDigest), .bytes(identity.requestDigest),
                ]
            ).first.map { try $0.bytes(0) }
        }
    }
}
