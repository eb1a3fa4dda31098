/// Why a registry is not copied.
public struct CopyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of error.
    public enum Code: Hashable, Sendable {
        /// There is no registry to copy.
        case noRegistry
        /// There is something already where it would be.
        case notEmpty
        /// It would be copied to itself.
        case same
        /// It was moved before, to another place.
        case moved
        /// It has tables or columns that the schema of its version has not.
        case unsupported
        /// What the other database holds is not what was copied.
        case different
        /// The audit log does not verify.
        case audit
    }

    /// The kind of error.
    public var code: Code
    /// What is wrong, and what to do.
    public var description: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - description: What is wrong, and what to do.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
