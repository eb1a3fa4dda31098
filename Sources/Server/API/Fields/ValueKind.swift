import AdministrationAPI
import CertificateAuthority
import Foundation
import SCEP

/// What is wrong with a value of a request, and where.
struct ValueProblem: Error {
    /// The path to the value, `rules.addresses[2]`; empty for the value itself.
    var path = ""
    /// What it has to be.
    var reason: String

    /// The same, seen from outside.
    func inside(_ name: String) -> ValueProblem {
        let separator = self.path.isEmpty || self.path.hasPrefix("[") ? "" : "."
        return ValueProblem(path: name + separator + self.path, reason: self.reason)
    }
}

/// A kind of value in the API: how it is written, how it is read, and how OpenAPI describes it.
struct ValueKind<Value: Sendable>: Sendable {
    let schema: Schema
    let encode: @Sendable (Value) -> JSONValue
    let decode: @Sendable (JSONValue) throws(ValueProblem) -> Value
}

extension ValueKind where Value == Bool {
    static let boolean = ValueKind(
        schema: .boolean, encode: JSONValue.bool,
        decode: { value throws(ValueProblem) in
            guard let bool = value.bool else { throw ValueProblem(reason: "it has to be true or false") }
            return bool
        })
}

extension ValueKind where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> ValueKind {
        ValueKind(
            schema: .integer(range), encode: { .integer(Int64($0)) },
            decode: { value throws(ValueProblem) in
                // 1.0 is an integer too (JSON Schema, 6.1.1).
                let integer: Int64? =
                    switch value {
                    case .integer(let integer): integer
                    case .number(let number): Int64(exactly: number)
                    default: nil
                    }
                guard let integer, let whole = Int(exactly: integer), range.contains(whole) else {
                    throw ValueProblem(
                        reason: "it has to be a whole number from \(range.lowerBound) to \(range.upperBound)")
                }
                return whole
            })
    }
}

extension ValueKind where Value == Int64 {
    /// The number of a record.
    static let number = ValueKind(
        schema: .integer(1...9_007_199_254_740_991), encode: JSONValue.integer,
        decode: { value throws(ValueProblem) in
            Int64(try ValueKind<Int>.integer(1...9_007_199_254_740_991).decode(value))
        })
}

extension ValueKind where Value == String {
    /// A text of some length in characters.
    static func text(_ lengths: ClosedRange<Int>, pattern: String? = nil, format: String? = nil) -> ValueKind {
        // JSON Schema looks for a pattern anywhere in a text, here it is all of it.
        let schema = Schema.string(format: format, pattern: pattern.map { "^\($0)$" }, lengths: lengths)
        return ValueKind(
            schema: schema, encode: JSONValue.string,
            decode: { value throws(ValueProblem) in
                guard let text = value.text else { throw ValueProblem(reason: "it has to be a text") }
                guard lengths.contains(text.unicodeScalars.count) else {
                    throw ValueProblem(
                        reason: lengths.lowerBound > 0 && text.isEmpty
                            ? "it must not be empty"
                            : "it has to have \(lengths.lowerBound) to \(lengths.upperBound) characters")
                }
                if let pattern, text.range(of: pattern, options: .regularExpression) != text.startIndex..<text.endIndex
                {
                    throw ValueProblem(reason: "it has to look like \(pattern)")
                }
                return text
            })
    }

    /// What is only ever answered.
    static let anyText = ValueKind.text(0...Int.max)

    /// The same with a pattern for those who read the description; whatever takes the text refuses others by itself, with
    /// a sentence that says more than a pattern.
    func looking(like pattern: String) -> ValueKind {
        ValueKind(schema: self.schema.patterned("^\(pattern)$"), encode: self.encode, decode: self.decode)
    }
}

extension ValueKind where Value == Date {
    static let date = ValueKind(
        schema: .string(format: "date-time"), encode: JSONValue.date,
        decode: { value throws(ValueProblem) in
            let date = try Self.anyDate.decode(value)
            guard APIDate.possible.contains(date) else {
                throw ValueProblem(reason: "it has to be a time from 1970 until the end of the year 9999")
            }
            return date
        })

    /// A time by which lists are narrowed: before 1970 there was nothing.
    static let filterDate = Self.anyDate.map(
        { date throws(ValueProblem) in
            min(max(date, APIDate.possible.lowerBound), APIDate.possible.upperBound)
        }, back: { $0 })

    private static let anyDate = ValueKind(
        schema: .string(format: "date-time"), encode: JSONValue.date,
        decode: { value throws(ValueProblem) in
            guard let text = value.text, let date = APIDate.date(text) else {
                throw ValueProblem(reason: "it has to be a time as ISO 8601 writes it, 2027-01-31T12:00:00Z")
            }
            return date
        })
}

extension ValueKind where Value == [UInt8] {
    /// Bytes as base64 (RFC 4648 §4).
    static func base64(upTo maximum: Int) -> ValueKind {
        ValueKind(
            schema: .string(format: "byte", lengths: 0...(maximum + 2) / 3 * 4),
            encode: { .string(Data($0).base64EncodedString()) },
            decode: { value throws(ValueProblem) in
                guard let text = value.text, let data = Data(base64Encoded: text) else {
                    throw ValueProblem(reason: "it has to be base64")
                }
                guard data.count <= maximum else { throw ValueProblem(reason: "it has more than \(maximum) bytes") }
                return Array(data)
            })
    }

    /// Bytes as hexadecimal digits, which are only ever answered.
    static let hexadecimal = ValueKind(
        schema: .string(), encode: { .string($0.hexadecimal) },
        decode: {
            _ throws(ValueProblem) in throw ValueProblem(reason: "it cannot be set")
        })
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of several words.
    static var choice: ValueKind {
        let words = Value.allCases.map(\.rawValue)
        return ValueKind(
            schema: .choice(words), encode: { .string($0.rawValue) },
            decode: { value throws(ValueProblem) in
                guard let choice = value.text.flatMap(Value.init(rawValue:)) else {
                    throw ValueProblem(reason: "it has to be one of \(words.joined(separator: ", "))")
                }
                return choice
            })
    }
}

extension ValueKind where Value: PolicyNotation {
    /// What people write in a notation of its own.
    static func notation(_ description: String) -> ValueKind {
        ValueKind(
            schema: Schema.string(lengths: 1...2_000).described(description), encode: { .string("\($0)") },
            decode: { value throws(ValueProblem) in
                guard let text = value.text, text.utf8.count <= 4_000 else {
                    throw ValueProblem(reason: "it has to be a text of at most 4000 bytes")
                }
                do throws(PolicySyntaxError) {
                    return try Value(parsing: text)
                } catch {
                    throw ValueProblem(reason: "it is wrong at character \(error.offset + 1): \(error.reason)")
                }
            })
    }
}

extension ValueKind {
    /// Several of a kind.
    static func list<Element>(of element: ValueKind<Element>, _ counts: ClosedRange<Int>) -> ValueKind
    where Value == [Element] {
        ValueKind(
            schema: .array(of: element.schema, counts: counts),
            encode: { .array($0.map(element.encode)) },
            decode: { value throws(ValueProblem) in
                guard let array = value.array else { throw ValueProblem(reason: "it has to be a list") }
                guard counts.contains(array.count) else {
                    throw ValueProblem(reason: "it has to have \(counts.lowerBound) to \(counts.upperBound) entries")
                }
                var elements: [Element] = []
                for (index, value) in array.enumerated() {
                    do throws(ValueProblem) {
                        elements.append(try element.decode(value))
                    } catch {
                        throw error.inside("[\(index)]")
                    }
                }
                return elements
            })
    }

    /// A value or null.
    static func optional<Wrapped>(_ wrapped: ValueKind<Wrapped>) -> ValueKind where Value == Wrapped? {
        ValueKind(
            schema: wrapped.schema.orNull,
            encode: { $0.map(wrapped.encode) ?? .null },
            decode: { value throws(ValueProblem) in
                if value == .null { return nil }
                return try wrapped.decode(value)
            })
    }

    /// A value of something that is empty until it is sent, and then has to have one.
    static func present<Wrapped>(_ wrapped: ValueKind<Wrapped>) -> ValueKind where Value == Wrapped? {
        ValueKind(
            schema: wrapped.schema, encode: { $0.map(wrapped.encode) ?? .null },
            decode: { value throws(ValueProblem) in try wrapped.decode(value) })
    }

    /// Another way of having a value.
    func map<Other: Sendable>(
        _ there: @escaping @Sendable (Value) throws(ValueProblem) -> Other,
        back: @escaping @Sendable (Other) -> Value
    ) -> ValueKind<Other> {
        ValueKind<Other>(
            schema: self.schema, encode: { self.encode(back($0)) },
            decode: { value throws(ValueProblem) in
                try there(try self.decode(value))
            })
    }
}
