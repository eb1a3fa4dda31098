import AdministrationAPI
import Enrollment
import Server

/// What the rules said of a request, as a table has it.
enum VerdictRows {
    /// What each rule says, by the name of the option that sets it.
    static func of(_ explanation: JSONValue) -> [[String]] {
        (explanation["verdicts"]?.array ?? []).map { verdict in
            let (rule, outcome) = (verdict.text("rule"), verdict.text("outcome"))
            return [
                rule == "alternativeNames" ? "san" : rule, outcome == "notNeeded" ? "not needed" : outcome,
                verdict.text("detail", otherwise: ""),
            ]
        }
    }
}

extension Explanation {
    /// What each rule says, by the name of the option that sets it.
    var rows: [[String]] {
        self.verdicts.map { verdict in
            [
                verdict.rule == .alternativeNames ? "san" : verdict.rule.rawValue,
                verdict.outcome == .notNeeded ? "not needed" : verdict.outcome.rawValue, verdict.detail,
            ]
        }
    }
}
