import Foundation
import SCEP
import SCEPClient
import Synchronization

/// What has come of a load so far.
final class LoadTally: Sendable {
    struct State {
        var issued = 0
        var pending = 0
        /// By what they are counted under; with what the first of them said.
        var failures: [String: (count: Int, example: String)] = [:]
        /// Of enrolments that were answered at the first sending, in milliseconds.
        var latencies: [Double] = []
        /// How long the exchanges took that ended with an answer or an error, in seconds, however often a message was sent.
        var waited = 0.0
        var resent = LoadReport.Resent()
        var bytesSent = 0
        var bytesReceived = 0

        var failed: Int { self.failures.values.reduce(0) { $0 + $1.count } }
        var done: Int { self.issued + self.pending + self.failed }
    }

    private let state = Mutex(State())

    var current: State { self.state.withLock { $0 } }

    /// The numbers alone, without a copy of anything large.
    var counts: (done: Int, failed: Int, resent: Int) {
        self.state.withLock { ($0.done, $0.failed, $0.resent.messages) }
    }

    /// An exchange is over.
    func note(sent: Int, received: Int, after duration: Duration) {
        self.state.withLock { state in
            state.bytesSent += sent
            state.bytesReceived += received
            state.waited += duration / .seconds(1)
        }
    }

    /// A message is sent again.
    func noteResent(isFirst: Bool) {
        self.state.withLock { state in
            state.resent.messages += 1
            if isFirst { state.resent.enrollments += 1 }
        }
    }

    /// An enrolment is over.
    ///
    /// - Parameters:
    ///   - result: Whether there is a certificate or somebody has yet to decide; or why not.
    ///   - latency: How long it took, from when it was due.
    ///   - wasResent: Whether its message was sent more than once.
    func note(_ result: Result<Bool, SCEPClientError>, after latency: Duration, wasResent: Bool) {
        self.state.withLock { state in
            switch result {
            case .success(let isIssued):
                if isIssued { state.issued += 1 } else { state.pending += 1 }
                if wasResent {
                    state.resent.recovered += 1
                    state.resent.longestSeconds = max(state.resent.longestSeconds, latency / .seconds(1))
                } else {
                    state.latencies.append(latency / .milliseconds(1))
                }
            case .failure(let error):
                let example = state.failures[error.heading]?.example ?? error.reason
                state.failures[error.heading] = ((state.failures[error.heading]?.count ?? 0) + 1, example)
            }
        }
    }
}

extension SCEPClientError {
    /// What errors like this one are counted under.
    fileprivate var heading: String {
        switch self.code {
        case .refused: "failInfo \(self.failInfo?.name ?? "unknown")"
        case .status: "HTTP status \(self.status ?? 0)"
        case .unreachable: "no connection"
        case .noAnswer: "no answer"
        case .tooLarge: "answer too large"
        case .answer, .untrusted, .weak: "answer not believed"
        case .url, .input: "not sent"
        }
    }
}
