/// How large a QR code is, and how its codewords are split (ISO/IEC 18004 §6, tables 1, 7 and 9): level M, up to version 10.
struct QRVersion: Equatable {
    /// 1 to 10.
    let number: Int
    /// How many codewords fit, data and error correction together.
    let codewords: Int
    /// How many codewords for error correction a block has.
    let correction: Int
    let blocks: Int
    /// Where the centres of the alignment patterns are, in both directions.
    let alignment: [Int]

    /// How many modules it is wide and high.
    var size: Int { 17 + 4 * self.number }

    /// How many codewords of data fit.
    var dataCodewords: Int { self.codewords - self.correction * self.blocks }

    /// How many bits the length of a text of bytes has.
    var lengthBits: Int { self.number < 10 ? 8 : 16 }

    /// How many bytes of text fit.
    var capacity: Int { (self.dataCodewords * 8 - 4 - self.lengthBits) / 8 }

    /// All of them, the smallest first.
    static let all: [QRVersion] = [
        QRVersion(number: 1, codewords: 26, correction: 10, blocks: 1, alignment: []),
        QRVersion(number: 2, codewords: 44, correction: 16, blocks: 1, alignment: [6, 18]),
        QRVersion(number: 3, codewords: 70, correction: 26, blocks: 1, alignment: [6, 22]),
        QRVersion(number: 4, codewords: 100, correction: 18, blocks: 2, alignment: [6, 26]),
        QRVersion(number: 5, codewords: 134, correction: 24, blocks: 2, alignment: [6, 30]),
        QRVersion(number: 6, codewords: 172, correction: 16, blocks: 4, alignment: [6, 34]),
        QRVersion(number: 7, codewords: 196, correction: 18, blocks: 4, alignment: [6, 22, 38]),
        QRVersion(number: 8, codewords: 242, correction: 22, blocks: 4, alignment: [6, 24, 42]),
        QRVersion(number: 9, codewords: 292, correction: 22, blocks: 5, alignment: [6, 26, 46]),
        QRVersion(number: 10, codewords: 346, correction: 26, blocks: 5, alignment: [6, 28, 50]),
    ]
}
