public import Foundation

/// A JSON value (RFC 8259), whose objects keep the order of their members.
public enum JSONValue: Hashable, Sendable {
    /// null.
    case null
    /// true or false.
    case bool(Bool)
    /// A number without a fraction, of 64 bits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Values by names.
    case object(JSONObject)

    /// Reads a text.
    ///
    /// - Parameter bytes: UTF-8.
    /// - Throws: ``JSONError`` where they are not JSON, or nested deeper than anybody writes.
    public init(json bytes: [UInt8]) throws(JSONError) {
        self = try JSONReader.value(of: bytes)
    }

    /// The value under a name, where this is an object that has it.
    public subscript(_ name: String) -> JSONValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    /// The text, where it is one.
    public var text: String? { if case .string(let text) = self { text } else { nil } }
    /// The number without a fraction, where it is one.
    public var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }
    /// The truth value, where it is one.
    public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    /// The values, where it is an array.
    public var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }

    /// A text, or null.
    public static func text(ifPresent text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    /// An integer, or null.
    public static func integer(ifPresent integer: (some BinaryInteger)?) -> JSONValue {
        integer.map { .integer(Int64(clamping: $0)) } ?? .null
    }
    /// A point in time (ISO 8601, UTC, to the millisecond where it has a fraction).
    public static func date(_ date: Date) -> JSONValue { .string(APIDate.text(date)) }
    /// A point in time, or null.
    public static func date(ifPresent date: Date?) -> JSONValue { date.map(JSONValue.date) ?? .null }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

extension JSONValue {
    /// Adds a member to an object.
    public mutating func append(_ name: String, _ value: JSONValue) {
        guard case .object(var object) = self else { return }
        object[name] = value
        self = .object(object)
    }
}
