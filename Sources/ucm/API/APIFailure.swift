import AdministrationAPI
import Server

/// Why the API did not do what a command asked for.
struct APIFailure: Error, CustomStringConvertible {
    /// The HTTP status.
    let status: Int
    /// What sort of problem, where the API says it.
    let code: String?
    /// What happened and what to do.
    let description: String

    init(_ answer: APIAnswered) {
        self.status = answer.status
        let problem = try? JSONValue(json: answer.body)
        self.code = problem?["code"]?.text
        let faults = (problem?["errors"]?.array ?? []).map { fault in
            let field = fault["field"]?.text ?? ""
            return (field.isEmpty ? "" : "\(field): ") + (fault["detail"]?.text ?? "")
        }
        let detail = problem?["detail"]?.text ?? "the server answers \(answer.status)"
        self.description = faults.isEmpty ? detail : faults.joined(separator: " ")
    }
}
