import Registry
import Synchronization

/// Finds out whether a server can do its work.
final class ServerHealth: Sendable {
    /// How long the database may take for one row.
    static let patience = Duration.seconds(2)

    private let configuration: ServedConfiguration
    private let patience: Duration
    /// The question that the database has not answered yet: there is never more than one, however many ask.
    private let question = Mutex<Task<Bool, Never>?>(nil)

    init(configuration: ServedConfiguration, patience: Duration = ServerHealth.patience) {
        self.configuration = configuration
        self.patience = patience
    }

    func report() async -> HealthReport {
        let current = self.configuration.current
        let served = current.registrationAuthorities.count
        let count = served + current.unserved.count
        let keys = current.authorities.keys.count
        return HealthReport(
            [
                await self.database(),
                HealthReport.Check(
                    "keys", isOK: keys > 0, keys > 0 ? "the master key opens the keys of the CAs" : "there is no CA"),
                HealthReport.Check(
                    "profiles",
                    isOK: served > 0 || count == 0 && !current.disabled.isEmpty,
                    Self.profiles(served, of: count, besides: current.disabled.count)
                ),
            ]
        )
    }

    /// How many profiles are served, in words.
    private static func profiles(_ served: Int, of count: Int, besides disabled: Int) -> String {
        switch (served, count) {
        case (0, 0) where disabled > 0: "all are switched off"
        case (0, 0): "there is none"
        case (0, 1): "the only one is not served: the log says why"
        case (0, _): "none of \(count) is served: the log says why"
        case (1, 1): "the only one is served"
        case (1, _): "1 of \(count) is served"
        case _ where served == count: "all \(count) are served"
        default: "\(served) of \(count) are served"
        }
    }

    private func database() async -> HealthReport.Check {
        let isAnswered = await self.answer(within: self.patience)
        let takesChanges = self.configuration.condition.reason == nil
        let detail =
            switch isAnswered {
            case true? where takesChanges: "answers"
            case true?: "takes no changes: the log says why"
            case false?: "refuses: the log says why"
            case nil: "does not answer"
            }
        return HealthReport.Check("database", isOK: isAnswered == true && takesChanges, detail)
    }

    /// Whether the database answers; nil where it takes too long.
    private func answer(within patience: Duration) async -> Bool? {
        let question = self.question.withLock { question in
            if let question { return question }
            let registry = self.configuration.registry
            let new = Task {
                let isAnswered = (try? await registry.ping()) != nil
                self.question.withLock { $0 = nil }
                return isAnswered
            }
            question = new
            return new
        }
        // Whichever comes first. A group of tasks would wait for the database too.
        let (answers, continuation) = AsyncStream.makeStream(of: Bool?.self)
        let asking = Task { continuation.yield(await question.value) }
        let waiting = Task {
            try? await Task.sleep(for: patience)
            continuation.yield(nil)
        }
        defer {
            asking.cancel()
            waiting.cancel()
        }
        for await answer in answers { return answer }
        return nil
    }
}
