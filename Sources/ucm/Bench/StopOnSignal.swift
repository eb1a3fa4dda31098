import Dispatch
import EnrollmentLoad
import Foundation

/// Ends a load in good order when somebody types Ctrl-C or sends SIGTERM; the second time the program ends at once.
final class StopOnSignal {
    /// What a load is asked by.
    let asked = LoadStop()
    private let sources: [any DispatchSourceSignal]

    init() {
        let asked = self.asked
        self.sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                asked.ask()
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }

    /// Lets signals do what they usually do.
    func cancel() {
        for source in self.sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
