/// What sealed secrets are bound to, so that one cannot be put in another's place.
public enum SealPurpose {
    /// The private key of a CA.
    public static func authority(_ name: String) -> String { "private key of the CA \(name)" }
    /// The private key of one of the server's own services.
    public static func service(_ name: String) -> String { "private key of the \(name) service" }
    /// The private key of a CA that waits for its certificate from another one.
    public static func authorityRequest(_ name: String) -> String { "private key of the requested CA \(name)" }
    /// A secret that the server keeps for itself, such as a key of another service.
    public static func secret(_ name: String) -> String { "secret \(name)" }
    /// What an account's one-time codes are made from.
    public static func oneTimeCodes(account: Int64) -> String { "one-time codes of account \(account)" }
    /// A request, which has its challenge in it.
    public static let request = "request"
}
