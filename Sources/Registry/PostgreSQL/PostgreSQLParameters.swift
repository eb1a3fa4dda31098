import CLibpq

/// The types of PostgreSQL's that statements have to do with, by the numbers that never change.
enum PostgreSQLType {
    static let boolean: Oid = 16
    static let bytes: Oid = 17
    static let integer16: Oid = 21
    static let integer32: Oid = 23
    static let integer64: Oid = 20
    static let name: Oid = 19
    static let text: Oid = 25
    static let varyingCharacters: Oid = 1043
    /// PostgreSQL finds out itself.
    static let unspecified: Oid = 0
}

/// The values of a statement, as PostgreSQL takes them in binary.
struct PostgreSQLParameters {
    /// Their types: a statement is prepared for these.
    let types: [Oid]
    private let values: [SQLValue]

    init(_ values: [SQLValue]) {
        self.values = values
        self.types = values.map { value in
            switch value {
            case .null: PostgreSQLType.unspecified
            case .integer: PostgreSQLType.integer64
            case .text: PostgreSQLType.text
            case .bytes: PostgreSQLType.bytes
            }
        }
    }

    /// How many there are.
    var count: CInt { CInt(clamping: self.values.count) }

    /// Gives the values' addresses, lengths and formats to libpq, which makes a copy of what it sends.
    func withPointers<T>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) -> T
    ) -> T {
        let count = self.values.count
        // All stand one behind the other; an empty value has an address too, because none would be NULL.
        return withUnsafeTemporaryAllocation(byteCount: self.size + 1, alignment: 1) { memory in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count + 1) { pointers in
                withUnsafeTemporaryAllocation(of: CInt.self, capacity: 2 * count + 1) { numbers in
                    pointers.initialize(repeating: nil)
                    numbers.initialize(repeating: 1)
                    var end = 0
                    for (index, value) in self.values.enumerated() {
                        let start = end
                        guard Self.write(value, to: memory, &end) else { continue }
                        pointers[index] = UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped + start)
                            .assumingMemoryBound(to: CChar.self)
                        numbers[index] = CInt(clamping: end - start)
                    }
                    // The lengths, and behind them the formats, all of which are 1: binary.
                    let lengths = UnsafePointer(numbers.baseAddress.unsafelyUnwrapped)
                    return body(UnsafePointer(pointers.baseAddress), lengths, lengths + count)
                }
            }
        }
    }

    /// How many bytes they take.
    private var size: Int {
        self.values.reduce(0) { size, value in
            switch value {
            case .null: size
            case .integer: size + MemoryLayout<Int64>.size
            case .text(let text): size + text.storable.utf8.count
            case .bytes(let bytes): size + bytes.count
            }
        }
    }

    /// Writes a value; false where it is NULL.
    private static func write(_ value: SQLValue, to memory: UnsafeMutableRawBufferPointer, _ end: inout Int) -> Bool {
        let rest = UnsafeMutableRawBufferPointer(rebasing: memory[end...])
        switch value {
        case .null: return false
        case .integer(let integer):
            withUnsafeBytes(of: integer.bigEndian) { rest.copyMemory(from: $0) }
            end += MemoryLayout<Int64>.size
        case .text(let text):
            let bytes = text.storable.utf8
            rest.copyBytes(from: bytes)
            end += bytes.count
        case .bytes(let bytes):
            rest.copyBytes(from: bytes)
            end += bytes.count
        }
        return true
    }
}
