import Foundation
import Testing

@testable import Registry

@Suite("A value in the database", .freshDatabase)
struct ValueTests {
    /// Stores a value in a column of a portable type and reads it again.
    static func roundTrip(_ value: SQLValue, as type: String, on driver: DatabaseDriver) async throws -> SQLRow {
        let database = try driver.open()
        let type = type.replacing("{bytes}", with: database.dialect.bytes)
        return try await database.write { connection in
            try connection.execute("CREATE TABLE sample (value \(type))", [])
            #expect(try connection.execute("INSERT INTO sample (value) VALUES ($1)", [value]) == 1)
            let rows = try connection.query("SELECT value FROM sample", [])
            #expect(rows.count == 1)
            return rows[0]
        }
    }

    @Test(
        "is the same integer",
        arguments: DatabaseDriver.available,
        [0, 1, -1, 1 << 32, 1 << 53 + 1, .max, .min] as [Int64]
    )
    func integers(_ driver: DatabaseDriver, integer: Int64) async throws {
        #expect(try await Self.roundTrip(.integer(integer), as: "BIGINT", on: driver).integer(0) == integer)
    }

    @Test(
        "is the same text",
        arguments: DatabaseDriver.available,
        [
            "", "CN=device", "Gerät \u{1F4F1}", "'; DROP TABLE sample; --", "$1", "a\nb\tc", "12", "\u{202e}x",
            "e\u{301}",
        ]
    )
    func texts(_ driver: DatabaseDriver, text: String) async throws {
        let stored = try await Self.roundTrip(.text(text), as: "TEXT", on: driver).text(0)
        #expect(Array(stored.utf8) == Array(text.utf8))
    }

    @Test(
        "is the same bytes",
        arguments: DatabaseDriver.available,
        [[], [0], [0, 0, 0], [0xff, 0x00, 0x27], Array(0...255)] as [[UInt8]]
    )
    func bytes(_ driver: DatabaseDriver, bytes: [UInt8]) async throws {
        #expect(try await Self.roundTrip(.bytes(bytes), as: "{bytes} NOT NULL", on: driver).bytes(0) == bytes)
    }

    @Test(
        "is the same point in time to the millisecond", arguments: DatabaseDriver.available,
        [
            0.0, -1.5, 1_800_000_000.125, 4_102_444_800, 253_402_300_799.999,
        ])
    func dates(_ driver: DatabaseDriver, seconds: TimeInterval) async throws {
        let date = Date(timeIntervalSince1970: seconds)
        let stored = try await Self.roundTrip(.date(date), as: "BIGINT", on: driver).date(0)
        #expect(abs(stored.timeIntervalSince(date)) < 0.000_6)
    }

    @Test("is a truth value, or absent", arguments: DatabaseDriver.available)
    func others(_ driver: DatabaseDriver) async throws {
        #expect(SQLValue.bool(true) == .integer(1))
        #expect(SQLValue.bool(false) == .integer(0))
        #expect(SQLValue.text(ifPresent: nil) == .null)
        #expect(SQLValue.text(ifPresent: "a") == .text("a"))
        let row = try await Self.roundTrip(.null, as: "TEXT", on: driver)
        #expect(throws: RegistryError.damaged("column 0 of a result is not a text")) { try row.text(0) }
    }

    @Test(
        "is not taken for another type, nor sought in a column that is not there", arguments: DatabaseDriver.available)
    func mismatches(_ driver: DatabaseDriver) async throws {
        let row = try await Self.roundTrip(.integer(1), as: "BIGINT", on: driver)
        #expect(throws: RegistryError.damaged("column 0 of a result is not a text")) { try row.text(0) }
        #expect(throws: RegistryError.damaged("column 0 of a result is not bytes")) { try row.bytes(0) }
        #expect(throws: RegistryError.damaged("column 1 of a result is not an integer")) { try row.integer(1) }
        #expect(throws: RegistryError.damaged("column -1 of a result is not an integer")) { try row.integer(-1) }
    }
}
