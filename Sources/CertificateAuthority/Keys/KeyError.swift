/// Why a private key cannot be had.
public enum KeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The master key is not the one with which the secret was encrypted, or the secret is damaged.
    case wrongMasterKey(purpose: String)
    /// A passphrase cannot be one: it is empty, or what is stored beside it is damaged.
    case passphrase(reason: String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .wrongMasterKey(let purpose):
            "the \(purpose) does not open: the master key is not the one it was encrypted with, or the database is "
                + "damaged; restore the master key that belongs to this database"
        case .passphrase(let reason): reason
        }
    }
}
