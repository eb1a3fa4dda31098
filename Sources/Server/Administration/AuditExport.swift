import Foundation
import Registry

/// The audit log as a file.
///
/// As JSON lines: a line that says what it is; a line for each entry, with everything that its digest covers; where entries
/// were forgotten, a line that says which; at the end the last entry of each chain. As CSV: a row for each entry.
public enum AuditExport {
    /// How it is written.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        /// A JSON object a line.
        case jsonl
        /// A table (RFC 4180).
        case csv
    }

    /// What comes first.
    static func header(_ format: Format, isWhole: Bool) throws -> String {
        switch format {
        case .jsonl: try AuditLine(auditLog: 1, isWhole: isWhole).text
        case .csv: CommaSeparatedValues(columns: Self.columns, rows: []).text
        }
    }

    /// Some entries.
    static func text(_ items: [AuditItem], _ format: Format) throws -> String {
        switch format {
        case .jsonl: try items.map { try AuditLine($0).text }.joined()
        case .csv: CommaSeparatedValues(columns: Self.columns, rows: items.compactMap(Self.row)).textOfRows
        }
    }

    /// What comes last in an export of everything.
    static func end(_ heads: [AuditLink], _ format: Format) throws -> String {
        switch format {
        case .jsonl: try heads.map { try AuditLine(head: AuditLine.Link($0)).text }.joined()
        case .csv: ""
        }
    }

    private static let columns = [
        "id", "date", "kind", "outcome", "actor", "via", "origin", "profile", "request", "challenge", "certificate",
        "clientAddress", "subject", "object", "detail", "explanation", "before", "after", "chain", "sequence", "digest",
    ]

    private static func row(_ item: AuditItem) -> [String]? {
        switch item {
        case .gap: return nil
        case .unreadable(let id): return ["\(id)"]
        case .entry(let event):
            func text(_ number: Int64?) -> String { number.map { "\($0)" } ?? "" }
            return [
                "\(event.id)", event.dateText, event.kindName, event.kind?.outcome.rawValue ?? "",
                event.actor, event.via ?? "", event.origin ?? "", event.profile ?? "", text(event.request),
                text(event.challenge), text(event.certificate), event.clientAddress ?? "", event.subject ?? "",
                event.object ?? "", event.detail, event.explanation, event.before ?? "", event.after ?? "",
                text(event.link?.chain), text(event.link?.sequence), event.link?.digestText ?? "",
            ]
        }
    }
}
