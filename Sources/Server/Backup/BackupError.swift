/// Why a backup cannot be made, read or restored.
public struct BackupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of error.
    public enum Code: Hashable, Sendable {
        /// The passphrase is too short, or not the one of the backup.
        case passphrase
        /// The file is no backup, or of a format that this version does not know.
        case unsupported
        /// The file ends too early, or somebody or something has changed it.
        case damaged
        /// A file cannot be read or written.
        case file
        /// There is something already where the installation would be.
        case occupied
        /// The master key that is configured is not the one of the backup.
        case masterKey
    }

    /// The kind of error.
    public var code: Code
    /// What happened and what to do.
    public var description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
