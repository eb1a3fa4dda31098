import Enrollment
import Foundation
import Logging
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("A CRL whose writer dies")
struct DyingWriterTests {
    @Test("leaves the one before it as it was")
    func killed() async throws {
        try await LiveInstallation.run { live in
            try await live.publish()
            let before = try await live.list()
            let path: String = live.test.directory + "/ucm.sqlite"
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String] in try await replaceListUntilKilled(path: path)
            }
            #expect(try await live.list() == before)
            try await live.revoke(try await live.issue())
            try await live.publish()
            #expect(try await live.list().number == 2)
            #expect(try listedCertificates(try await live.list().encoded).count == 1)
        }
    }

    @Test("is no CRL where the transaction fails, and the next one has its number")
    func failed() async throws {
        try await LiveInstallation.run { live in
            try await live.publish()
            let before = try await live.list()
            let id = try live.authority().id
            let sentence = await refusal {
                try await live.registry.database.write { connection in
                    try connection.execute(
                        "UPDATE crl SET number = 9, encoded = $1 WHERE authority_id = $2", [.bytes([1]), .integer(id)])
                    throw RegistryError.failed("cut off")
                }
            }
            #expect(sentence.contains("cut off"))
            let later = try await live.test.open()
            defer { try? later.registry.close() }
            let publication = RevocationListPublication(configuration: later.configuration, logger: .quiet)
            try await publication.run(at: live.now)
            #expect(later.configuration.revocationLists[id]?.encoded == before.encoded)
        }
    }
}

/// Writes another CRL, and dies before the transaction is over.
private func replaceListUntilKilled(path: String) async throws {
    let database = try SQLiteDatabase(path: path)
    try await database.write { connection in
        let whole = [UInt8](repeating: 7, count: 8 << 20)
        try connection.execute("UPDATE crl SET number = 9, encoded = $1 WHERE authority_id = 1", [.bytes(whole)])
        kill(getpid(), SIGKILL)
    }
}
