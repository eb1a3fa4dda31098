import Synchronization
import Testing

@testable import Server

@Suite("pkiMessages that come together")
struct AdmissionTests {
    /// Lets those that are admitted go on one by one.
    private final class Gate: Sendable {
        private struct State {
            var running = 0
            var most = 0
            var open: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())

        var most: Int { self.state.withLock { $0.most } }
        var running: Int { self.state.withLock { $0.running } }

        func pass() async {
            await withCheckedContinuation { continuation in
                self.state.withLock { state in
                    state.running += 1
                    state.most = max(state.most, state.running)
                    state.open.append(continuation)
                }
            }
        }

        func openOne() {
            let next = self.state.withLock { state in
                state.running -= 1
                return state.open.removeFirst()
            }
            next.resume()
        }
    }

    private static func wait(until isSo: () -> Bool) async {
        while !isSo() { try? await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("are worked on so many at a time, and all of them are")
    func limit() async {
        let admission = Admission(limits: .init(inProgress: 3, patience: .seconds(60), waiting: 100))
        let gate = Gate()
        let answered = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask { await admission.admitted { await gate.pass() } != nil }
            }
            for _ in 0..<20 {
                await Self.wait { gate.running > 0 }
                gate.openOne()
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(answered == 20)
        #expect(gate.most <= 3)
        #expect(admission.complaint() == nil)
    }

    @Test("are turned away where the line is full, and the log is told once in a while")
    func fullLine() async {
        let admission = Admission(limits: .init(inProgress: 1, patience: .seconds(60), waiting: 0))
        let gate = Gate()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await admission.admitted { await gate.pass() } != nil }
            await Self.wait { gate.running == 1 }
            for _ in 0..<5 { #expect(await admission.admitted {} == nil) }
            gate.openOne()
            #expect(await group.next() == true)
        }
        #expect(admission.complaint() == 5)
        #expect(await admission.admitted { 7 } == 7)
    }

    @Test("are turned away where those that wait have too many bytes")
    func memory() async {
        let admission = Admission(
            limits: .init(inProgress: 1, patience: .seconds(60), waiting: 100, waitingBytes: 1_000))
        let gate = Gate()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await admission.admitted(size: 5_000) { await gate.pass() } != nil }
            await Self.wait { gate.running == 1 }
            #expect(await admission.admitted(size: 1_001) {} == nil)
            gate.openOne()
            #expect(await group.next() == true)
        }
        #expect(await admission.admitted(size: 1_001) { 7 } == 7)
    }

    @Test("are turned away once the first in the line has waited too long, and so is the first")
    func late() async throws {
        let admission = Admission(limits: .init(inProgress: 1, patience: .milliseconds(20), waiting: 100))
        let gate = Gate()
        let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { await admission.admitted { await gate.pass() } != nil }
            await Self.wait { gate.running == 1 }
            group.addTask { await admission.admitted { await gate.pass() } != nil }
            await Self.wait { admission.waiting == 1 }
            try await Task.sleep(for: .milliseconds(100))
            #expect(await admission.admitted {} == nil)
            gate.openOne()
            var answers: [Bool] = []
            for try await answer in group { answers.append(answer) }
            return answers
        }
        #expect(answers.filter { $0 }.count == 1)
        #expect(admission.complaint() == 2)
        #expect(admission.complaint() == nil)
        #expect(await admission.admitted { 7 } == 7)
    }

    @Test("make room when they fail")
    func failure() async {
        struct Failure: Error {}
        let admission = Admission(limits: .init(inProgress: 1, patience: .seconds(60), waiting: 0))
        for _ in 0..<3 {
            await #expect(throws: Failure.self) { try await admission.admitted { throw Failure() } }
        }
        #expect(await admission.admitted { 7 } == 7)
    }
}
