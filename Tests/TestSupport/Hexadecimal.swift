extension [UInt8] {
    /// Bytes from hexadecimal digits, with spaces where they help the eye.
    package init(hex text: String) {
        let digits = text.compactMap(\.hexDigitValue).map(UInt8.init(truncatingIfNeeded:))
        precondition(digits.count % 2 == 0, "an odd number of hexadecimal digits")
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
