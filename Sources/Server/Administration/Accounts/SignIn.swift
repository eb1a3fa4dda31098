public import Foundation

/// A session that has begun.
public struct SignIn: Hashable, Sendable {
    /// What the browser keeps in its cookie; it is known to nobody else.
    public var secret: String
    /// What forms have in them.
    public var csrfToken: String
    /// When the session ends, however much it is used.
    public var expiresAt: Date
    /// Who has signed in.
    public var principal: Principal
    /// How many recovery codes are left, where one was used now; nil otherwise.
    public var recoveryCodesLeft: Int?
}

/// Why somebody cannot sign in.
public enum SignInError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody has the name, or the password is wrong, or the account is disabled: which of them is not told.
    case wrongCredentials
    /// The password is right, and a code is needed too.
    case codeNeeded
    /// The password is right, and the code is wrong or was used before.
    case wrongCode
    /// Too much was wrong before.
    case locked(until: Date)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .wrongCredentials: "the name or the password is wrong"
        case .codeNeeded: "a code is needed: the one that the authenticator shows, or a recovery code"
        case .wrongCode: "the code is wrong or was used before: wait for the next one, or use a recovery code"
        case .locked(let until):
            "too many attempts have failed: try again after \(until.formatted(.iso8601)), or have an administrator "
                + "unlock the account"
        }
    }
}
