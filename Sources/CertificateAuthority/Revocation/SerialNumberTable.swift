/// Serial numbers that are looked up by bytes within a buffer, without an array for each.
struct SerialNumberTable {
    /// By their hash; several have the same one only by chance.
    private var numbers: [Int: [[UInt8]]] = [:]

    init(_ serialNumbers: Set<[UInt8]>) {
        self.numbers.reserveCapacity(serialNumbers.count)
        for number in serialNumbers {
            self.numbers[Self.hash(number.span.bytes), default: []].append(number)
        }
    }

    /// Whether the bytes in a range are one of the serial numbers.
    func contains(_ range: Range<Int>, of octets: Span<UInt8>) -> Bool {
        let bytes = octets.extracting(range).bytes
        guard let candidates = self.numbers[Self.hash(bytes)] else { return false }
        return bytes.withUnsafeBytes { bytes in candidates.contains { $0.elementsEqual(bytes) } }
    }

    private static func hash(_ bytes: RawSpan) -> Int {
        bytes.withUnsafeBytes { bytes in
            var hasher = Hasher()
            hasher.combine(bytes: bytes)
            return hasher.finalize()
        }
    }
}
