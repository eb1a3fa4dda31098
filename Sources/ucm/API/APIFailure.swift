import ArgumentParser
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

    /// What the program ends with, so that scripts can tell.
    var exitCode: ExitCode {
        switch self.status {
        case 404: .notFound
        case 401, 403: .notPermitted
        case 409, 412: .conflict
        case 429, 503: .unavailable
        default: .failure
        }
    }
}

extension ExitCode {
    /// There is no such thing.
    static let notFound = ExitCode(2)
    /// What was checked is not in order.
    static let checkFailed = ExitCode(3)
    /// It does not fit what is there, or somebody else was faster.
    static let conflict = ExitCode(4)
    /// Nobody is signed in, or the right to do it is missing.
    static let notPermitted = ExitCode(5)
    /// The server cannot be reached, or cannot do it now.
    static let unavailable = ExitCode(6)
}
