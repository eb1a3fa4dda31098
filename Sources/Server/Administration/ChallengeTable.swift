public import AdministrationAPI
import CertificateAuthority
import Enrollment
public import Foundation

/// Many challenges in a CSV file, and the same file with what was made of them.
///
/// Which templates there are is known where the challenges are made.
public struct ChallengeTable: Sendable {
    /// What is wanted, a line each.
    public let orders: [ChallengeOrder]
    private let table: CommaSeparatedValues

    /// The columns that mean something.
    private static let columns = [
        "device", "user", "label", "uses", "valid", "subject", "san", "template", "address",
    ]

    /// Reads a file (RFC 4180), the first line of which names the columns.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - profile: The profile in which the challenges will be valid.
    ///   - now: The time, from which the challenges' lives are counted.
    /// - Throws: ``AdministrationError`` that names the line and what is wrong in it.
    public init(
        csv bytes: [UInt8],
        profile: String,
        at now: Date
    ) throws {
        do {
            self.table = try CommaSeparatedValues(reading: bytes)
            try self.table.checkColumns(known: Self.columns)
        } catch {
            throw AdministrationError("the CSV file, \(error)")
        }
        self.orders = try self.table.rows.map { [table] row in
            do {
                let order = try ChallengeOrder(profile: profile, at: now) { column in
                    table[column, in: row].flatMap { $0.isEmpty ? nil : $0 }
                }
                try order.check(at: now)
                return order
            } catch {
                throw AdministrationError("the CSV file, line \(row.line): \(error)")
            }
        }
        guard !self.orders.isEmpty else {
            throw AdministrationError("the CSV file has a header and no line after it: a line is a challenge")
        }
    }

    /// What is sent to the API to make them.
    public var body: JSONObject {
        JSONObject([("challenges", .array(self.orders.map(ChallengeFields.new.json)))])
    }

    /// The same lines with the columns id and challenge before them.
    ///
    /// - Parameter made: What the API answers for each of the orders.
    /// - Returns: The file.
    public func csv(with made: [JSONValue]) -> String {
        CommaSeparatedValues(
            columns: ["id", "challenge"] + self.table.columns,
            rows: zip(made, self.table.rows).map { made, row in
                [made["id"]?.integer.map { "\($0)" } ?? "", made["secret"]?.text ?? ""] + row.fields
            }
        ).text
    }
}

extension ChallengeOrder {
    /// Reads what a line says.
    fileprivate init(profile: String, at now: Date, cell: (String) -> String?) throws {
        self.init(profile: profile, at: now)
        self.device = cell("device")
        self.user = cell("user")
        self.label = cell("label") ?? ""
        if let text = cell("uses") {
            guard let uses = Int(text) else { throw AdministrationError("uses is \"\(text)\", which is no number") }
            self.uses = uses
        }
        if let text = cell("valid") {
            guard let span = TimeSpan(text) else {
                throw AdministrationError("valid is \"\(text)\", it has to be like 60m, 12h or 30d")
            }
            self.expiresAt = now.addingTimeInterval(span.seconds)
        }
        func rules<Rule>(_ column: String, _ parse: (String) throws(PolicySyntaxError) -> Rule) throws -> [Rule] {
            try (cell(column) ?? "").split(separator: ";").map { text in
                do {
                    return try parse(text.trimmingCharacters(in: .whitespaces))
                } catch {
                    throw AdministrationError("\(column) is \(error)")
                }
            }
        }
        self.binding.subjects = try rules("subject", SubjectPattern.init(parsing:))
        self.binding.alternativeNames = try rules("san", AlternativeNamePattern.init(parsing:))
        self.binding.addressRanges = try rules("address", AddressRange.init(parsing:))
        self.binding.template = cell("template")
    }
}
