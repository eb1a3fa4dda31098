/// The codewords of a text: its bytes, what fills them up, and their correction, block by block (ISO/IEC 18004 §7.4–7.6).
enum QRCodewords {
    /// The codewords in the order in which they are drawn.
    ///
    /// - Parameters:
    ///   - text: A text that fits into the version.
    ///   - version: The version.
    /// - Returns: As many codewords as the version has.
    static func of(_ text: [UInt8], in version: QRVersion) -> [UInt8] {
        Self.interleaved(Self.data(text, version), version)
    }

    /// The codewords of the data: mode, length, bytes, terminator, padding.
    static func data(_ text: [UInt8], _ version: QRVersion) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for bit in stride(from: count - 1, through: 0, by: -1) { bits.append(value >> bit & 1 == 1) }
        }
        append(0b0100, 4)
        append(text.count, version.lengthBits)
        for byte in text { append(Int(byte), 8) }
        let capacity = version.dataCodewords * 8
        append(0, min(4, capacity - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var codewords = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        for index in 0..<(version.dataCodewords - codewords.count) {
            codewords.append(index.isMultiple(of: 2) ? 0xec : 0x11)
        }
        return codewords
    }

    /// First all blocks' first codewords, then their second ones …, and the same of their correction.
    private static func interleaved(_ data: [UInt8], _ version: QRVersion) -> [UInt8] {
        let short = data.count / version.blocks
        let shortBlocks = version.blocks - data.count % version.blocks
        var rest = data[...]
        var blocks: [[UInt8]] = []
        for index in 0..<version.blocks {
            let count = index < shortBlocks ? short : short + 1
            blocks.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        let corrections = blocks.map { ReedSolomon.correction(of: $0, count: version.correction) }
        return Self.woven(blocks) + Self.woven(corrections)
    }

    private static func woven(_ blocks: [[UInt8]]) -> [UInt8] {
        let longest = blocks.map(\.count).max() ?? 0
        return (0..<longest).flatMap { index in blocks.compactMap { index < $0.count ? $0[index] : nil } }
    }
}
