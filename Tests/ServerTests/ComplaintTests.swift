import Foundation
import Logging
import Synchronization
import Testing

@testable import Server

@Suite("What the maintenance cannot do")
struct ComplaintTests {
    /// Keeps what is logged.
    final class Lines: LogHandler, @unchecked Sendable {
        let written = Mutex<[String]>([])
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set { _ = newValue }
        }

        func log(event: LogEvent) {
            let reason = event.metadata?["reason"].map { "\($0)" } ?? ""
            self.written.withLock { $0.append("\(event.message) \(reason)") }
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    @Test("is said once a minute, and at once where the reason is another one or it worked in between")
    func once() async throws {
        let lines = Lines()
        let complaints = Complaints(logger: Logger(label: "test") { _ in lines })
        let start = ContinuousClock.now
        func fail(_ reason: String, after seconds: Int) async {
            await complaints.attempt("make CRLs", at: start + .seconds(seconds)) { throw Failure(description: reason) }
        }
        await fail("the disk is full", after: 0)
        await fail("the disk is full", after: 1)
        await fail("the disk is full", after: 59)
        #expect(lines.written.withLock { $0 } == ["cannot make CRLs; trying again the disk is full"])
        await fail("the disk is full", after: 60)
        await fail("the key is gone", after: 61)
        #expect(lines.written.withLock(\.count) == 3)
        await complaints.attempt("make CRLs", at: start + .seconds(62)) {}
        await fail("the key is gone", after: 63)
        #expect(lines.written.withLock(\.count) == 4)
        await complaints.attempt("forget old refusals", at: start + .seconds(63)) {
            throw Failure(description: "the key is gone")
        }
        #expect(lines.written.withLock(\.count) == 5)
    }
}
