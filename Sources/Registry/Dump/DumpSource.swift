/// The bytes of a dump, as they come.
struct DumpSource {
    private let next: () throws -> [UInt8]
    private var block: ArraySlice<UInt8> = []

    init(_ next: @escaping () throws -> [UInt8]) {
        self.next = next
    }

    /// So many bytes; there is never more memory taken for them than has come already.
    mutating func bytes(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard try !self.isAtEnd() else { throw Self.truncated }
            let part = self.block.prefix(count - bytes.count)
            bytes += part
            self.block = self.block.dropFirst(part.count)
        }
        return bytes
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        var number: UInt64 = 0
        for _ in 0..<Number.bitWidth / 8 {
            guard try !self.isAtEnd(), let byte = self.block.popFirst() else { throw Self.truncated }
            number = number << 8 | UInt64(byte)
        }
        return Number(truncatingIfNeeded: number)
    }

    /// The name of a table or column.
    mutating func name() throws -> String {
        let name = try Self.text(self.bytes(Int(self.number(UInt8.self))))
        guard !name.isEmpty else { throw DumpError(.malformed, "a table or column has no name") }
        return name
    }

    private static let truncated = DumpError(.truncated, "the dump ends before its end mark")

    /// Whether nothing comes any more.
    mutating func isAtEnd() throws -> Bool {
        if self.block.isEmpty { self.block = try self.next()[...] }
        return self.block.isEmpty
    }

    static func text(_ bytes: [UInt8]) throws(DumpError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DumpError(.malformed, "a text is not UTF-8")
        }
        return text
    }
}
