import Foundation
import Registry
import Synchronization

/// How far something is, in one line of a terminal; where standard error is none, nothing is shown.
final class ProgressBar: Sendable {
    private static let width = 40

    private let title: String
    private let isShown: Bool
    /// The percentage that is shown.
    private let percentage = Mutex<Int?>(nil)

    init(_ title: String, isShown: Bool = Terminal.isTerminal(STDERR_FILENO)) {
        self.title = title
        self.isShown = isShown
    }

    /// Shows it, where that changes anything.
    @Sendable func update(_ progress: DumpProgress) {
        guard self.isShown, progress.total > 0 else { return }
        let share = min(max(Double(progress.rows) / Double(progress.total), 0), 1)
        let percentage = Int(share * 100)
        let isNew = self.percentage.withLock { shown in
            defer { shown = percentage }
            return shown != percentage
        }
        if isNew { Self.write("\r" + Self.line(self.title, percentage)) }
    }

    /// Takes the line away.
    func finish() {
        if self.percentage.withLock({ $0 != nil }) { Self.write("\r\u{1B}[K") }
    }

    static func line(_ title: String, _ percentage: Int) -> String {
        let filled = percentage * Self.width / 100
        let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: Self.width - filled)
        return "\(title) [\(bar)] \(percentage) %"
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
