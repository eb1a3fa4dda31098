import Logging
import Synchronization
import Testing

@testable import Registry
@testable import Server

@Suite("The condition of a database")
struct DatabaseConditionTests {
    @Test(
        "is bad where nothing can be changed, and good again after the next change",
        arguments: [
            RegistryError.unavailable("the disk is full"), .cannotOpen("nobody listens"), .outcomeUnknown("it broke"),
        ])
    func outages(_ error: RegistryError) {
        let events = CollectingLogHandler.Events()
        let condition = DatabaseCondition(logger: CollectingLogHandler.logger(events))
        condition.noteChange()
        #expect(condition.reason == nil)
        condition.note(error)
        condition.note(RegistryError.unavailable("something else"))
        #expect(condition.reason == "\(RegistryError.unavailable("something else"))")
        condition.noteChange()
        condition.noteChange()
        #expect(condition.reason == nil)
        #expect(events.all.map(\.level) == [.error, .notice])
        #expect(events.all.first?.values["reason"] == "\(error)")
    }

    @Test(
        "is not bad where only one change cannot be made",
        arguments: [RegistryError.failed("a name is taken"), .damaged("a text is none"), .tooNew(found: 9, known: 8)])
    func refusals(_ error: RegistryError) {
        let condition = DatabaseCondition(logger: nil)
        condition.note(error)
        condition.note(CancellationError())
        #expect(condition.reason == nil)
    }

    @Test("is what the health of the server says, until a change is tried and made")
    func health() async throws {
        try await LiveInstallation.serve { live, client in
            live.served.condition.note(RegistryError.unavailable("the disk is full"))
            let (status, report) = try await HealthTests.report(client)
            #expect(status == 503)
            #expect(
                report.checks.first
                    == HealthReport.Check("database", isOK: false, "takes no changes: the log says why"))
            try await live.registry.tryChange()
            #expect(try await HealthTests.report(client).status == 200)
        }
    }
}
