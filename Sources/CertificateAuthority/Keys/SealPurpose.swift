/// What sealed secrets are bound to, so that one cannot be put in another's place.
public enum SealPurpose {
    /// The private key of a CA.
    public static func authority(_ name: String) -> String { "private key of the CA \(name)" }
    /// The private key of one of the server's own services.
    public static func service(_ name: String) -> String { "private key of the \(name) service" }
    /// A request, which has its challenge in it.
    public static let request = "request"
}
