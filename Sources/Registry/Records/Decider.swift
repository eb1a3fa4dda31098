/// Who decides something: a person, a device or the server itself, and how the decision came here.
public struct Decider: Hashable, Sendable {
    /// The name by which two decisions are known to be one person's.
    public var name: String
    /// By what the person acts where that is not a session: "the token deploy"; nil otherwise.
    public var means: String?
    /// The address from which the decision came; nil where it came from none.
    public var address: String?

    /// Names somebody.
    public init(_ name: String, means: String? = nil, address: String? = nil) {
        self.name = name
        self.means = means
        self.address = address
    }

    /// Whoever causes what a device does by itself.
    public static let device = Decider("device")
    /// Whoever causes what nobody did.
    public static let server = Decider("server")
}

extension Decider: ExpressibleByStringInterpolation {
    /// Names somebody who is at no address.
    public init(stringLiteral value: String) { self.init(value) }
}

extension SQLValue {
    /// A decider's name, as it is recorded beside what was decided.
    static func decider(_ decider: Decider) -> SQLValue { .text(decider.name, atMost: 200) }
}
