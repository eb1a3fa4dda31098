/// A secret that people can read from a screen and type: four groups of five letters and digits, 99 bits.
enum GeneratedSecret {
    /// Without those that look alike (0 and o, 1 and l and i).
    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")

    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            String((0..<5).map { _ in Self.alphabet[Int.random(in: Self.alphabet.indices, using: &generator)] })
        }.joined(separator: "-")
    }
}
