/// ASN.1 that nests deeper than anything honest.
enum DepthBomb {
    /// Sequences in sequences, of definite length.
    static let definite: [UInt8] = (0..<2000).reduce([0x05, 0x00]) { inner, _ in
        let length = inner.count
        return [0x30, 0x83, UInt8(length >> 16), UInt8(length >> 8 & 0xff), UInt8(length & 0xff)] + inner
    }

    /// Sequences in sequences, of indefinite length.
    static let indefinite =
        (0..<100_000).flatMap { _ in [0x30, 0x80] as [UInt8] } + [UInt8](repeating: 0, count: 200_000)

    /// Hundreds of thousands of elements side by side.
    static let wide: [UInt8] =
        [0x30, 0x83, 0x0f, 0x42, 0x40] + (0..<500_000).flatMap { _ in [0x05, 0x00] as [UInt8] }

    static let all = [Self.definite, Self.indefinite, Self.wide]
}
