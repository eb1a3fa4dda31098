/// The modules of a QR code: its patterns first, then what is in it (ISO/IEC 18004 §6.3, §7.7–7.10).
struct QRSymbol {
    let version: QRVersion
    /// Row by row from above, whether each module is dark.
    private(set) var rows: [[Bool]]
    /// Which modules are patterns, and no data.
    private var isPattern: [[Bool]]

    private var size: Int { self.version.size }

    /// Draws everything but the mask and the information on the format.
    init(_ codewords: [UInt8], _ version: QRVersion) {
        self.version = version
        self.rows = Array(repeating: Array(repeating: false, count: version.size), count: version.size)
        self.isPattern = self.rows
        self.drawPatterns()
        self.draw(codewords)
    }

    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        self.rows[y][x] = isDark
        self.isPattern[y][x] = true
    }

    private mutating func drawPatterns() {
        for index in 0..<self.size {
            self.set(6, index, index.isMultiple(of: 2))
            self.set(index, 6, index.isMultiple(of: 2))
        }
        for (x, y) in [(3, 3), (self.size - 4, 3), (3, self.size - 4)] { self.drawFinder(x, y) }
        let centres = self.version.alignment
        for (row, y) in centres.enumerated() {
            for (column, x) in centres.enumerated() {
                // Three of the corners have finders.
                let ends = (row == 0 || row == centres.count - 1, column == 0 || column == centres.count - 1)
                if ends == (true, true), row == 0 || column == 0 { continue }
                for (dx, dy) in Self.offsets(2) { self.set(x + dx, y + dy, max(abs(dx), abs(dy)) != 1) }
            }
        }
        // Their place is kept free; what is in it depends on the mask.
        self.drawFormat(.chequered)
        self.drawVersion()
    }

    private static func offsets(_ distance: Int) -> [(Int, Int)] {
        (-distance...distance).flatMap { y in (-distance...distance).map { ($0, y) } }
    }

    private mutating func drawFinder(_ x: Int, _ y: Int) {
        for (dx, dy) in Self.offsets(4) {
            guard rows.indices.contains(x + dx), rows.indices.contains(y + dy) else { continue }
            self.set(x + dx, y + dy, ![2, 4].contains(max(abs(dx), abs(dy))))
        }
    }

    /// The mask and the level, twice, in a BCH code.
    mutating func drawFormat(_ mask: QRMask) {
        let bits = Self.formatBits(mask)
        func isSet(_ bit: Int) -> Bool { bits >> bit & 1 == 1 }
        for bit in 0...5 { self.set(8, bit, isSet(bit)) }
        self.set(8, 7, isSet(6))
        self.set(8, 8, isSet(7))
        self.set(7, 8, isSet(8))
        for bit in 9..<15 { self.set(14 - bit, 8, isSet(bit)) }
        for bit in 0..<8 { self.set(self.size - 1 - bit, 8, isSet(bit)) }
        for bit in 8..<15 { self.set(8, self.size - 15 + bit, isSet(bit)) }
        self.set(8, self.size - 8, true)
    }

    /// The 15 bits that say level M and the mask.
    static func formatBits(_ mask: QRMask) -> Int {
        var remainder = mask.rawValue
        for _ in 0..<10 { remainder = remainder << 1 ^ (remainder >> 9) * 0x537 }
        return (mask.rawValue << 10 | remainder) ^ 0x5412
    }

    /// The 18 bits that say the version, which only larger ones have.
    static func versionBits(_ number: Int) -> Int {
        var remainder = number
        for _ in 0..<12 { remainder = remainder << 1 ^ (remainder >> 11) * 0x1f25 }
        return number << 12 | remainder
    }

    private mutating func drawVersion() {
        guard self.version.number >= 7 else { return }
        let bits = Self.versionBits(self.version.number)
        for bit in 0..<18 {
            let (near, far) = (bit / 3, self.size - 11 + bit % 3)
            self.set(near, far, bits >> bit & 1 == 1)
            self.set(far, near, bits >> bit & 1 == 1)
        }
    }

    /// Codewords go up and down in columns of two, from the right; the column of the timing pattern is left out.
    private mutating func draw(_ codewords: [UInt8]) {
        var bits: [Bool] = []
        for byte in codewords { for bit in (0..<8).reversed() { bits.append(byte >> UInt8(bit) & 1 == 1) } }
        var rest = bits[...]
        var isUpward = true
        for right in stride(from: self.size - 1, to: 0, by: -2).map({ $0 <= 6 ? $0 - 1 : $0 }) {
            for step in 0..<self.size {
                let y = isUpward ? self.size - 1 - step : step
                for x in [right, right - 1] where !self.isPattern[y][x] { self.rows[y][x] = rest.popFirst() ?? false }
            }
            isUpward.toggle()
        }
    }

    /// The symbol with a mask.
    func masked(_ mask: QRMask) -> QRSymbol {
        var copy = self
        for y in self.rows.indices {
            for x in self.rows.indices where !self.isPattern[y][x] && mask.turns(x, y) { copy.rows[y][x].toggle() }
        }
        copy.drawFormat(mask)
        return copy
    }
}
