public import CertificateAuthority
public import CryptographicMessageSyntax

/// What was found out about the challenge of a request.
public enum ChallengeVerdict: Hashable, Sendable {
    /// The request has none.
    case missing
    /// It is one of the profile's; the text says which one.
    case valid(String)
    /// It is none of the profile's, or spent, expired, or bound to something else; the text is the reason.
    case invalid(String)
}

/// A request, as far as rules look at it.
public struct PolicyQuestion: Sendable {
    /// The client's address, or what is known instead.
    public var client: String
    /// What was found out about the challenge.
    public var challenge: ChallengeVerdict
    /// What is asked for.
    public var names: RequestedNames
    /// The key that is to be certified.
    public var key: SubjectPublicKeyInfo

    /// Puts a question.
    public init(client: String, challenge: ChallengeVerdict, names: RequestedNames, key: SubjectPublicKeyInfo) {
        self.client = client
        self.challenge = challenge
        self.names = names
        self.key = key
    }
}
