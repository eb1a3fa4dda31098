import EnrollmentLoad
import Foundation
import Synchronization

/// How far a load is, in one line of a terminal; where standard error is none, nothing is shown.
final class LoadProgressLine: Sendable {
    private let isShown: Bool
    private let hasShown = Mutex(false)

    init(isShown: Bool = Terminal.isTerminal(STDERR_FILENO)) {
        self.isShown = isShown
    }

    /// Shows it.
    @Sendable func show(_ progress: EnrollmentLoad.Progress) {
        guard self.isShown else { return }
        self.hasShown.withLock { $0 = true }
        FileHandle.standardError.write(Data("\r\(Self.line(progress))\u{1B}[K".utf8))
    }

    /// Takes the line away.
    func finish() {
        if self.hasShown.withLock({ $0 }) { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }

    static func line(_ progress: EnrollmentLoad.Progress) -> String {
        switch progress {
        case .making(let count, let most): return "Making messages: \(count) of \(most)"
        case .sending(let done, let most, let seconds, let failed, let resent):
            let share = most.map { " of \($0)" } ?? ""
            let rate = seconds > 0.2 ? ", \(Int(Double(done) / seconds))/s" : ""
            let again = resent > 0 ? ", \(resent) sent again" : ""
            return "\(done)\(share) done in \(Int(seconds)) s\(rate), \(failed) failed\(again)"
        }
    }
}
