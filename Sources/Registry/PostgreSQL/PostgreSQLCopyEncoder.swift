/// Writes rows in the binary format of PostgreSQL's COPY: a signature, the rows, an end.
///
/// A row is the number of its columns in 16 bits, and for each a length in 32 bits, -1 for NULL, with what a parameter has.
struct PostgreSQLCopyEncoder {
    /// How much is gathered before it is sent.
    static let blockSize = 1 << 16

    private(set) var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    /// Adds a row.
    mutating func add(_ values: [SQLValue]) {
        self.append(Int16(clamping: values.count))
        for value in values {
            switch value {
            case .null: self.append(Int32(-1))
            case .integer(let integer):
                self.append(Int32(8))
                self.append(integer)
            case .text(let text):
                var text = text.storable
                text.withUTF8 { self.append($0) }
            case .bytes(let bytes): bytes.withUnsafeBufferPointer { self.append($0) }
            }
        }
    }

    /// Adds the end.
    mutating func finish() { self.append(Int16(-1)) }

    /// What is there, which begins anew behind it.
    mutating func take() -> [UInt8] {
        let taken = self.bytes
        self.bytes = []
        self.bytes.reserveCapacity(Self.blockSize * 2)
        return taken
    }

    private mutating func append(_ content: UnsafeBufferPointer<UInt8>) {
        self.append(Int32(clamping: content.count))
        self.bytes.append(contentsOf: content)
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { self.bytes.append(contentsOf: $0) }
    }
}
