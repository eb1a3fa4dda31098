/// What one check of an installation has found.
public struct Finding: Codable, Hashable, Sendable {
    /// How bad it is.
    public enum Level: String, Codable, Hashable, Sendable, CaseIterable {
        /// All is well.
        case ok
        /// It works, but somebody should look at it.
        case warning
        /// Something does not work, or will not much longer.
        case error
        /// It could not be looked at.
        case skipped
    }

    /// What was looked at, in a word or two.
    public var check: String
    /// How bad it is.
    public var level: Level
    /// What was found, in a sentence.
    public var what: String
    /// What to do about it; empty where there is nothing to do.
    public var advice: String

    /// Makes a finding.
    public init(_ check: String, _ level: Level, _ what: String, advice: String = "") {
        self.check = check
        self.level = level
        self.what = what
        self.advice = advice
    }
}
