import Foundation

/// Whether what is written to standard output is coloured.
struct Style: Equatable, Sendable {
    let isColored: Bool

    /// Colour is for terminals that have it, and for nobody who does not want it: `NO_COLOR`, https://no-color.org.
    ///
    /// - Parameters:
    ///   - isTerminal: Whether it is written to a terminal.
    ///   - environment: The variables.
    init(isTerminal: Bool, environment: [String: String]) {
        self.isColored = isTerminal && environment["TERM"] != "dumb" && environment["NO_COLOR", default: ""].isEmpty
    }

    /// That of this process's standard output.
    static let standardOutput = Style(
        isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)

    /// A text in a colour, where there are any.
    func colored(_ text: String, _ color: Color?) -> String {
        guard self.isColored, let color else { return text }
        return "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m"
    }
}

/// What a colour says, by its number in SGR sequences (ECMA-48 §8.3.117).
enum Color: Int, Equatable, Sendable {
    /// It is lost, refused or wrong.
    case red = 31
    /// It is good.
    case green = 32
    /// Somebody may have to look at it.
    case yellow = 33

    /// The columns and lines that have a state in them.
    private static let places: Set<String> = ["STATE", "STATUS", "LEVEL", "VERDICT", "EVENT", "OUTCOME"]

    private static let words: [String: Color] = [
        // Certificates, tokens, challenges and CAs.
        "valid": .green, "good": .green, "usable": .green, "active": .green, "default": .green,
        "expired": .yellow, "on hold": .yellow, "reserved": .yellow, "spent": .yellow, "over": .yellow,
        "ended": .red, "retired": .yellow, "revoked": .red,
        // Requests, and events of the same name.
        "issued": .green, "renewed": .green, "approved": .green, "pending": .yellow, "approvalGiven": .yellow,
        "rejected": .red, "refused": .red, "guessingAlarm": .red, "certificateRevoked": .red, "challengeRevoked": .red,
        // Exchanges.
        "limited": .yellow, "unanswered": .red,
        // Rules.
        "holds": .green, "fails": .red,
        // Users.
        "initial password": .yellow, "disabled": .red, "locked": .red,
        // What ucm doctor finds, and outcomes of events.
        "ok": .green, "success": .green, "warning": .yellow, "error": .red, "failure": .red, "failed": .red,
    ]

    /// The colour of a word; nil where it has none.
    ///
    /// - Parameters:
    ///   - word: A word, as `revoked` or `ERROR`.
    ///   - place: The heading under which it stands: only states are coloured, not whatever is called like one.
    /// - Returns: The colour.
    static func of(_ word: String, under place: String) -> Color? {
        guard Self.places.contains(place.uppercased()) else { return nil }
        return Self.words[word] ?? Self.words[word.lowercased()]
    }
}
