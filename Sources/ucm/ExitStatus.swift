import ArgumentParser

/// What the program ends with, so that scripts can tell: this is the one place that says it.
///
/// The manual pages are made from it. `ucm scep` has two meanings of its own, ``SCEPExitStatus``.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case failure = 1
    case notFound = 2
    case checkFailed = 3
    case conflict = 4
    case notPermitted = 5
    case unavailable = 6
    case usage = 64

    /// What it says.
    var meaning: String {
        switch self {
        case .success: "It is done."
        case .failure:
            "It is not done, or not to all: what was asked for cannot be done, a file cannot be used, a server does not start."
        case .notFound: "What the command names is not there."
        case .checkFailed:
            "What was looked at is not in order: ucm doctor found an error, ucm audit verify found that something was altered."
        case .conflict:
            "It does not fit what is there: a name is taken, a request is decided on already, somebody else was faster."
        case .notPermitted: "Nobody is signed in, or whoever is has not the permission."
        case .unavailable: "The server cannot be reached, or cannot do it now: the same command may succeed later."
        case .usage:
            "The command line is wrong: an option that does not exist, a value that is none, options that exclude each other."
        }
    }

    /// What an error that ends a command comes to.
    init(of error: any Error) {
        self =
            switch error {
            case let failure as APIFailure: Self(httpStatus: failure.status)
            case is ServerUnreachable: .unavailable
            case is NotSignedIn: .notPermitted
            case is ValidationError: .usage
            default: .failure
            }
    }

    /// What an answer of the API comes to.
    private init(httpStatus: Int) {
        self =
            switch httpStatus {
            case 404: .notFound
            case 401, 403: .notPermitted
            case 409, 412: .conflict
            case 429, 502, 503, 504: .unavailable
            default: .failure
            }
    }
}

/// What `ucm scep` ends with: how a server answered, instead of what became of an administrator's command.
enum SCEPExitStatus: Int32, CaseIterable {
    case success = 0
    case failure = 1
    case refused = 2
    case pending = 3
    case usage = 64

    /// What it says.
    var meaning: String {
        switch self {
        case .success: "What was asked for is there."
        case .failure: "Something went wrong: a file, the network, an answer that cannot be believed."
        case .refused: "The server refused."
        case .pending: "The request waits for approval: ucm scep poll asks again."
        case .usage: "The command line is wrong."
        }
    }
}

extension ExitCode {
    init(_ status: ExitStatus) { self.init(status.rawValue) }
    init(_ status: SCEPExitStatus) { self.init(status.rawValue) }
}

/// Runs a command; what goes wrong becomes one line on standard error and an exit status.
///
/// - Parameter body: The command.
/// - Throws: The exit status.
func reportingFailures(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as ExitCode {
        throw error
    } catch {
        Terminal.complain("ucm: \(error)")
        throw ExitCode(ExitStatus(of: error))
    }
}
