/// Why a text is no JSON.
public struct JSONError: Error, CustomStringConvertible {
    /// Where the reader has given up, in bytes from the beginning.
    public let offset: Int
    /// What is wrong there.
    public let reason: String

    /// A sentence.
    public var description: String { "it is no JSON: at byte \(self.offset + 1) \(self.reason)" }
}

/// Reads JSON (RFC 8259) to the letter, and keeps the order of members.
///
/// Decoders of Foundation lose the order, take the last of two members of one name (which another reader may see
/// otherwise) and pass over a comma too many.
struct JSONReader {
    /// How deep values can be inside of each other; nothing that is read here needs more than ten.
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position = 0

    /// The value that a text has.
    ///
    /// - Parameter bytes: UTF-8.
    /// - Returns: The value.
    /// - Throws: ``JSONError``.
    static func value(of bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.position == bytes.count else { throw reader.error("something follows the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    private func error(_ reason: String) -> JSONError { JSONError(offset: self.position, reason: reason) }

    private mutating func skipBlanks() {
        while let byte = self.next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.position += 1 }
    }

    /// Goes past a character if it is the next one.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard self.next == UInt8(ascii: character) else { return false }
        self.position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.maximumDepth else {
            throw self.error("values are inside of each other more than \(Self.maximumDepth) times")
        }
        self.skipBlanks()
        switch self.next {
        case UInt8(ascii: "{"): return .object(try self.object(depth: depth))
        case UInt8(ascii: "["): return .array(try self.array(depth: depth))
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "t"): return try self.word("true", .bool(true))
        case UInt8(ascii: "f"): return try self.word("false", .bool(false))
        case UInt8(ascii: "n"): return try self.word("null", .null)
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try self.number()
        case nil: throw self.error("it ends where a value is expected")
        default: throw self.error("there is no value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = self.position + word.utf8CodeUnitCount
        let isThere =
            end <= self.bytes.count
            && word.withUTF8Buffer { self.bytes[self.position..<end].elementsEqual($0) }
        guard isThere else { throw self.error("there is no value") }
        self.position = end
        return value
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        self.position += 1
        self.skipBlanks()
        if self.skip("]") { return [] }
        var values: [JSONValue] = []
        while true {
            values.append(try self.value(depth: depth + 1))
            self.skipBlanks()
            if self.skip("]") { return values }
            guard self.skip(",") else { throw self.error("a comma or ] is missing") }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        self.position += 1
        self.skipBlanks()
        if self.skip("}") { return JSONObject() }
        var members: [(String, JSONValue)] = []
        var names: Set<String> = []
        while true {
            self.skipBlanks()
            guard self.next == UInt8(ascii: "\"") else { throw self.error("a name in quotation marks is missing") }
            let start = self.position
            let name = try self.string()
            guard names.insert(name).inserted else {
                throw JSONError(offset: start, reason: "a name is there for the second time")
            }
            self.skipBlanks()
            guard self.skip(":") else { throw self.error("a colon is missing") }
            members.append((name, try self.value(depth: depth + 1)))
            self.skipBlanks()
            if self.skip("}") { return JSONObject(members) }
            guard self.skip(",") else { throw self.error("a comma or } is missing") }
        }
    }

    // MARK: Texts

    private mutating func string() throws(JSONError) -> String {
        let start = self.position
        self.position += 1
        var text: [UInt8] = []
        while let byte = self.next {
            switch byte {
            case UInt8(ascii: "\""):
                self.position += 1
                // RFC 3629 §3: no overlong forms, no surrogates, nothing above U+10FFFF.
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw JSONError(offset: start, reason: "begins a text that is no UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): try self.appendEscaped(to: &text)
            case 0..<0x20: throw self.error("there is a control character in a text")
            default:
                text.append(byte)
                self.position += 1
            }
        }
        throw JSONError(offset: start, reason: "begins a text that does not end")
    }

    private mutating func appendEscaped(to text: inout [UInt8]) throws(JSONError) {
        self.position += 1
        guard let letter = self.next else { throw self.error("it ends in a text") }
        let byte: UInt8
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte = letter
        case UInt8(ascii: "b"): byte = 0x08
        case UInt8(ascii: "f"): byte = 0x0C
        case UInt8(ascii: "n"): byte = 0x0A
        case UInt8(ascii: "r"): byte = 0x0D
        case UInt8(ascii: "t"): byte = 0x09
        case UInt8(ascii: "u"):
            text += Array(String(Character(try self.escapedScalar())).utf8)
            return
        default: throw self.error("there is no such escape")
        }
        text.append(byte)
        self.position += 1
    }

    /// The character of `\u0041`, or of a pair of surrogates (RFC 8259 §7).
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let start = self.position
        let first = try self.escapedUnit()
        if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
        guard UTF16.isLeadSurrogate(first), self.skip("\\"), self.next == UInt8(ascii: "u") else {
            throw JSONError(offset: start, reason: "there is half of a character")
        }
        let second = try self.escapedUnit()
        guard UTF16.isTrailSurrogate(second),
            let scalar = Unicode.Scalar(0x1_0000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF))
        else { throw JSONError(offset: start, reason: "there is half of a character") }
        return scalar
    }

    private mutating func escapedUnit() throws(JSONError) -> UInt16 {
        let digits = self.bytes[self.position...].dropFirst().prefix(4)
        // What integers read in texts may have a sign.
        guard digits.count == 4, digits.allSatisfy(Self.isHexadecimal),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw self.error("four hexadecimal digits are missing") }
        self.position += 5
        return unit
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    // MARK: Numbers

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = self.position
        _ = self.skip("-")
        if !self.skip("0") { try self.skipDigits() }
        var isWhole = true
        if self.skip(".") {
            isWhole = false
            try self.skipDigits()
        }
        if self.skip("e") || self.skip("E") {
            isWhole = false
            if !self.skip("+") { _ = self.skip("-") }
            try self.skipDigits()
        }
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw JSONError(offset: start, reason: "begins a number that nothing here can hold")
        }
        return .number(number)
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = self.position
        while let byte = self.next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { self.position += 1 }
        guard self.position > start else { throw self.error("a digit is missing") }
    }
}
