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
    private let values: [[UInt8]?]

    init(_ values: [SQLValue]) {
        self.types = values.map { value in
            switch value {
            case .null: PostgreSQLType.unspecified
            case .integer: PostgreSQLType.integer64
            case .text: PostgreSQLType.text
            case .bytes: PostgreSQLType.bytes
            }
        }
        self.values = values.map { value in
            switch value {
            case .null: nil
            case .integer(let integer): withUnsafeBytes(of: integer.bigEndian) { Array($0) }
            case .text(let text): Array(text.storable.utf8)
            case .bytes(let bytes): bytes
            }
        }
    }

    /// How many there are.
    var count: CInt { CInt(clamping: self.values.count) }

    /// Gives the values' addresses, lengths and formats to libpq.
    func withPointers<T>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) -> T
    ) -> T {
        // One behind the other; an empty value has an address too, because none would be NULL.
        var bytes: [UInt8] = []
        var offsets: [Int?] = []
        for value in self.values {
            offsets.append(value == nil ? nil : bytes.count)
            bytes += value ?? []
        }
        bytes.append(0)
        let lengths = self.values.map { CInt(clamping: $0?.count ?? 0) }
        let formats = [CInt](repeating: 1, count: self.values.count)
        return bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { buffer in
                let pointers = offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } }
                return body(pointers, lengths, formats)
            }
        }
    }
}
