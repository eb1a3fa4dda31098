/// The patterns by which a QR code's modules are turned over, so that light and dark are mixed (ISO/IEC 18004 §7.8).
enum QRMask: Int, CaseIterable {
    case chequered, rows, columns, diagonals, blocks, crosses, mixedCrosses, mixedDiagonals

    /// Whether a module is turned over.
    func turns(_ x: Int, _ y: Int) -> Bool {
        switch self {
        case .chequered: (x + y) % 2 == 0
        case .rows: y % 2 == 0
        case .columns: x % 3 == 0
        case .diagonals: (x + y) % 3 == 0
        case .blocks: (x / 3 + y / 2) % 2 == 0
        case .crosses: x * y % 2 + x * y % 3 == 0
        case .mixedCrosses: (x * y % 2 + x * y % 3) % 2 == 0
        case .mixedDiagonals: ((x + y) % 2 + x * y % 3) % 2 == 0
        }
    }

    /// What looks like a finder pattern, with light modules on one side.
    private static let finders: [[Bool]] = [
        [true, false, true, true, true, false, true, false, false, false, false],
        [false, false, false, false, true, false, true, true, true, false, true],
    ]

    /// How badly a symbol can be read: the smaller, the better.
    static func penalty(_ rows: [[Bool]]) -> Int {
        let columns = rows.indices.map { x in rows.map { $0[x] } }
        let lines = (rows + columns).reduce(0) { $0 + Self.penalty(ofLine: $1) }
        var squares = 0
        for y in rows.indices.dropLast() {
            for x in rows[y].indices.dropLast() {
                let module = rows[y][x]
                if rows[y][x + 1] == module && rows[y + 1][x] == module && rows[y + 1][x + 1] == module { squares += 3 }
            }
        }
        let count = rows.count * rows.count
        let dark = rows.joined().count { $0 }
        // Ten points for each 5 % that it is off from as many dark modules as light ones.
        return lines + squares + abs(dark * 20 - count * 10) / count * 10
    }

    private static func penalty(ofLine line: [Bool]) -> Int {
        var penalty = 0
        var run = 0
        for index in line.indices {
            run = index > 0 && line[index] == line[index - 1] ? run + 1 : 1
            penalty += run == 5 ? 3 : run > 5 ? 1 : 0
            guard index + 11 <= line.count else { continue }
            if Self.finders.contains(Array(line[index..<index + 11])) { penalty += 40 }
        }
        return penalty
    }
}
