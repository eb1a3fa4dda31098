/// The error correction of QR codes: Reed–Solomon over GF(2⁸) with the polynomial x⁸+x⁴+x³+x²+1 (ISO/IEC 18004 §7.5.2).
enum ReedSolomon {
    /// The codewords that correct others.
    ///
    /// - Parameters:
    ///   - data: What is to be corrected.
    ///   - count: How many codewords there are to be.
    /// - Returns: The remainder of the division by the generator polynomial.
    static func correction(of data: some Sequence<UInt8>, count: Int) -> [UInt8] {
        let generator = Self.generator(count)
        var remainder = [UInt8](repeating: 0, count: count)
        for byte in data {
            let factor = byte ^ remainder[0]
            remainder.removeFirst()
            remainder.append(0)
            for index in remainder.indices { remainder[index] ^= Self.product(generator[index], factor) }
        }
        return remainder
    }

    /// (x-1)(x-2)(x-2²)…, without its first coefficient, which is 1.
    private static func generator(_ count: Int) -> [UInt8] {
        var coefficients = [UInt8](repeating: 0, count: count)
        coefficients[count - 1] = 1
        var root: UInt8 = 1
        for _ in 0..<count {
            for index in 0..<count {
                coefficients[index] = Self.product(coefficients[index], root)
                if index + 1 < count { coefficients[index] ^= coefficients[index + 1] }
            }
            root = Self.product(root, 2)
        }
        return coefficients
    }

    private static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
        var product: UInt8 = 0
        for bit in stride(from: 7, through: 0, by: -1) {
            product = (product << 1) ^ (product & 0x80 == 0 ? 0 : 0x1d)
            if other >> UInt8(bit) & 1 == 1 { product ^= one }
        }
        return product
    }
}
