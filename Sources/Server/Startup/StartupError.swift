/// Why the server does not start: one sentence for whoever started it.
public struct StartupError: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
