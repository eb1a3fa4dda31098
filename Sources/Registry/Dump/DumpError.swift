/// Why a dump cannot be read, or not be put into a database.
public struct DumpError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of error.
    public enum Code: Hashable, Sendable {
        /// It ends before its end mark.
        case truncated
        /// It is none, or something in it is not what a dump holds.
        case malformed
        /// It is of another format, or has tables or columns that the schema of its version has not.
        case unsupported
        /// It has another number of rows than it says, or the database took another number.
        case incomplete
    }

    /// The kind of error.
    public var code: Code
    /// What is wrong, and what to do.
    public var description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
