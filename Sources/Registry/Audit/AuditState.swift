import Crypto
public import Foundation

/// How something was before or after a change, without secrets: a JSON object in the audit log.
///
/// `["state": "pending", "approvals": 1]`; what is nil is left out.
public struct AuditState: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// The object as JSON, its members sorted by name where it was made of members.
    public let json: String

    private init(raw json: String) {
        self.json = json
    }

    /// Makes an object of members.
    public init(_ members: [String: AuditValue?]) {
        let members = members.compactMapValues(\.self).sorted { $0.key < $1.key }
        let texts = members.map { "\(AuditValue.text($0.key).json):\($0.value.json)" }
        self.init(raw: "{\(texts.joined(separator: ","))}")
    }

    /// Makes an object of members.
    public init(dictionaryLiteral elements: (String, AuditValue?)...) {
        self.init(Dictionary(elements) { first, _ in first })
    }

    /// Takes an object that is JSON already; a text that is none becomes the member `value`.
    public init(json text: String) {
        if case .json(let json) = AuditValue.json(orText: text), json.utf8.first == UInt8(ascii: "{") {
            self.init(raw: json)
        } else {
            self.init(["value": .text(text)])
        }
    }

    /// How many bytes are stored at most.
    static let maximumSize = 100_000

    /// The object as it is stored: of a longer one only how long it is, and its SHA-256.
    var stored: String {
        let count = self.json.utf8.count
        guard count > Self.maximumSize else { return self.json }
        let digest = AuditLink(chain: 1, sequence: 1, digest: Array(SHA256.hash(data: Array(self.json.utf8))))
        return AuditState(["bytes": .integer(Int64(count)), "sha256": .text(digest.digestText)]).json
    }
}

/// A member of an ``AuditState``.
public enum AuditValue: Hashable, Sendable {
    /// A text.
    case text(String)
    /// An integer.
    case integer(Int64)
    /// A truth value.
    case truth(Bool)
    /// Several of them.
    indirect case list([AuditValue])
    /// What is JSON already, and valid; see ``json(orText:)``.
    case json(String)

    /// Takes what is JSON already; what is none is a text.
    public static func json(orText text: String) -> AuditValue {
        let isJSON = (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
        return isJSON ? .json(text) : .text(text)
    }

    /// A point in time, as people read it.
    public static func date(_ date: Date) -> AuditValue { .text(date.formatted(.iso8601)) }

    /// The value as JSON.
    var json: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .integer(let integer): "\(integer)"
        case .truth(let truth): truth ? "true" : "false"
        case .list(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
        case .json(let json): json
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension AuditValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }

    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }

    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .truth(value) }
}
