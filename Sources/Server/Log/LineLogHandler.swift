import Foundation
import Logging
import Synchronization

/// Writes an event as one line to standard error, for people (`text`) or for programs (`json`).
///
/// Values come from strangers (subjects, transactionIDs), so whatever could end a line, colour a terminal or imitate
/// another field is escaped.
struct LineLogHandler: LogHandler {
    let format: LogFormat
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    /// The order of fields, so that a screen of lines can be read in columns; others follow by name.
    private static let order = [
        "outcome", "failInfo", "profile", "client", "messageType", "transactionID", "subject", "serial", "digest",
        "cipher", "weak", "milliseconds", "reason",
    ]

    func log(event: LogEvent) {
        var line = self.line(event)
        line += "\n"
        // One write, so that lines of several threads do not mix.
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// A field of a line.
    private struct Field {
        /// Where its name stands in ``order``.
        var rank: Int
        var name: String
        var value: String

        init(_ name: String, _ value: Logger.Metadata.Value) {
            self.rank = LineLogHandler.ranks[name] ?? LineLogHandler.order.count
            self.name = name
            self.value = if case .string(let text) = value { text } else { "\(value)" }
        }

        static func precedes(_ one: Field, _ other: Field) -> Bool {
            one.rank == other.rank ? one.name < other.name : one.rank < other.rank
        }
    }

    private static let ranks = Dictionary(uniqueKeysWithValues: Self.order.enumerated().map { ($1, $0) })

    private func fields(of event: LogEvent) -> [Field] {
        var all = event.metadata ?? [:]
        all.merge(self.metadata) { own, _ in own }
        // Hummingbird's number of the request means nothing to an administrator.
        all["hb.request.id"] = nil
        if let error = event.error { all["error"] = "\(error)" }
        return all.map { Field($0.key, $0.value) }.sorted(by: Field.precedes)
    }

    private func line(_ event: LogEvent) -> String {
        let time = Timestamp.text(of: Date())
        var line = ""
        line.reserveCapacity(512)
        switch self.format {
        case .text:
            line += "\(time) \(event.level.rawValue.uppercased()) \(event.message)"
            for field in self.fields(of: event) {
                line += " "
                line += field.name
                line += "="
                line += Self.quoted(field.value)
            }
        case .json:
            line +=
                "{\"time\":\"\(time)\",\"level\":\"\(event.level)\",\"message\":\(Self.json("\(event.message)"))"
            for field in self.fields(of: event) { line += ",\(Self.json(field.name)):\(Self.json(field.value))" }
            line += "}"
        }
        return line
    }

    /// A value as it is, or in quotes where it could be misread.
    static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.utf8.allSatisfy { octet in
                octet > 0x20 && octet < 0x7f && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "\\")
                    && octet != UInt8(ascii: "=")
            }
        return isPlain ? value : Self.json(value)
    }

    /// A JSON string; besides what JSON demands, controls and invisible characters are escaped.
    static func json(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { octet in
            octet >= 0x20 && octet < 0x7f && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "\\")
        }
        guard !isPlain else { return "\"" + value + "\"" }
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _ where Self.isInvisible(scalar):
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: true
        default: false
        }
    }
}

/// The time of an event in UTC with milliseconds (ISO 8601).
///
/// The text of a second is made once in that second.
enum Timestamp {
    private static let last = Mutex<(second: Int, text: String)>((Int.min, ""))

    static func text(of date: Date) -> String {
        let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded(.down))
        let second = Int((Double(milliseconds) / 1000).rounded(.down))
        let prefix = Self.last.withLock { last in
            if last.second != second {
                let start = Date(timeIntervalSince1970: Double(second))
                last = (second, String(start.formatted(Date.ISO8601FormatStyle()).dropLast()))
            }
            return last.text
        }
        let digits = String(milliseconds - second * 1000)
        return prefix + "." + String(repeating: "0", count: 3 - digits.count) + digits + "Z"
    }
}
