import Foundation

/// Whether a server can do its work, check by check.
struct HealthReport: Codable, Hashable, Sendable {
    /// One check.
    struct Check: Codable, Hashable, Sendable {
        var name: String
        /// `ok` or `failed`.
        var status: String
        var detail: String

        init(_ name: String, isOK: Bool, _ detail: String) {
            self.name = name
            self.status = isOK ? "ok" : "failed"
            self.detail = detail
        }
    }

    /// `ready` or `unavailable`.
    var status: String
    var checks: [Check]

    init(_ checks: [Check]) {
        self.status = checks.allSatisfy { $0.status == "ok" } ? "ready" : "unavailable"
        self.checks = checks
    }

    var isReady: Bool { self.status == "ready" }

    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A report of texts can always be written.
        return ((try? encoder.encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")]
    }
}
