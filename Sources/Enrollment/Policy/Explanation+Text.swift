/// The form in which an explanation is stored with its request.
///
/// ```
/// challenge	holds	valid: static challenge "Phones"
/// subject	fails	the CN "evil.example" does not match CN=*.example.com
/// decision	refuse	constraint	the CN "evil.example" does not match CN=*.example.com
/// ```
extension Explanation {
    private static let decision = "decision"
    private static let grant = "grant"
    private static let queue = "queue"
    private static let refuse = "refuse"

    /// A line for each verdict and one for the decision, with tabs between the fields.
    public var text: String {
        var text = ""
        for verdict in self.verdicts {
            text += "\(verdict.rule.rawValue)\t\(verdict.outcome.rawValue)\t\(verdict.detail)\n"
        }
        switch self.decision {
        case .grant: text += "\(Self.decision)\t\(Self.grant)"
        case .queue(let reason): text += "\(Self.decision)\t\(Self.queue)\t\(reason)"
        case .refuse(let ground, let reason):
            text += "\(Self.decision)\t\(Self.refuse)\t\(ground.rawValue)\t\(reason)"
        }
        return text
    }

    /// Reads what ``text`` has written; nil where it is anything else.
    public init?(text: String) {
        // By octets: a carriage return before a line end would be one character with it.
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { String(Substring($0)) }
        }
        guard let last = lines.popLast(), let decision = Self.decision(last) else { return nil }
        var verdicts: [Verdict] = []
        for fields in lines {
            guard fields.count == 3, let rule = Rule(rawValue: fields[0]), let outcome = Outcome(rawValue: fields[1])
            else { return nil }
            verdicts.append(Verdict(rule, outcome, fields[2]))
        }
        self.init(verdicts: verdicts, decision: decision)
    }

    private static func decision(_ fields: [String]) -> Decision? {
        guard fields.count >= 2, fields[0] == Self.decision else { return nil }
        switch (fields[1], fields.count) {
        case (Self.grant, 2): return .grant
        case (Self.queue, 3): return .queue(reason: fields[2])
        case (Self.refuse, 4): return Ground(rawValue: fields[2]).map { .refuse(ground: $0, reason: fields[3]) }
        default: return nil
        }
    }
}
