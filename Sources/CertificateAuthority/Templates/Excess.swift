/// What happens to what a request asks for and a template does not give.
public enum Excess: String, Hashable, Sendable, CaseIterable, Codable {
    /// It is left out, and the certificate is issued without it.
    case drop
    /// The request is refused.
    case refuse
}
