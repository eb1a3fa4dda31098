public import SCEPClient

/// What enrolments are paid with.
public enum LoadChallenges: Hashable, Sendable {
    /// With nothing.
    case none
    /// All with the same.
    case same(String)
    /// Each with its own, which is used once; with the number of its line.
    case each([Numbered])

    /// A challenge, and the number of its line, by which it is named where it must not be told.
    public struct Numbered: Hashable, Sendable {
        /// The line, from 1.
        public var line: Int
        /// The challenge.
        public var secret: String
    }

    /// Takes the challenges of a file, one in a line; empty lines are passed over.
    ///
    /// - Parameter text: The file.
    /// - Throws: ``SCEPClientError`` with code `input` where there is none, or one of them is there twice.
    public init(lines text: String) throws(SCEPClientError) {
        var challenges: [Numbered] = []
        var seen: [Substring: Int] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard !line.isEmpty else { continue }
            if let first = seen.updateValue(index + 1, forKey: line) {
                throw SCEPClientError(
                    .input, "Lines \(first) and \(index + 1) of the challenges are the same: each can be used once.")
            }
            challenges.append(Numbered(line: index + 1, secret: String(line)))
        }
        guard !challenges.isEmpty else { throw SCEPClientError(.input, "The file of challenges is empty.") }
        self = .each(challenges)
    }

    /// How many there are; nil where there is no end of them.
    public var count: Int? { if case .each(let challenges) = self { challenges.count } else { nil } }

    /// The one for an enrolment, counted from 0.
    subscript(index: Int) -> (secret: String?, line: Int?) {
        switch self {
        case .none: (nil, nil)
        case .same(let secret): (secret, nil)
        case .each(let challenges): (challenges[index].secret, challenges[index].line)
        }
    }
}
