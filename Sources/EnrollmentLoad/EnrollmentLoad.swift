public import Foundation
public import SCEPClient
import Synchronization

/// Many enrolments at one server, and how long they take.
public struct EnrollmentLoad: Sendable {
    /// How far a load is.
    public enum Progress: Sendable {
        /// Messages are made before the clock starts.
        case making(Int, of: Int)
        /// They are sent: how many are over, of how many where that is known, in how many seconds; how many failed, and how
        /// many messages were sent again.
        case sending(Int, of: Int?, seconds: Double, failed: Int, resent: Int)
    }

    private let plan: LoadPlan
    private let server: NegotiatedServer
    private let transport: any SCEPTransport
    private let received: ReceivedFile?
    private let stop: LoadStop
    private let now: @Sendable () -> Date

    /// Puts a load together; nothing is made or sent yet.
    ///
    /// - Parameters:
    ///   - plan: What it is made of.
    ///   - server: Where it goes.
    ///   - transport: What carries it: connections that are kept, for figures that mean something.
    ///   - received: Where certificates are noted as they are received.
    ///   - stop: Who wants it to be over.
    ///   - now: The time; a test has its own.
    /// - Throws: ``SCEPClientError`` with code `input` where the plan is none.
    public init(
        _ plan: LoadPlan,
        at server: NegotiatedServer,
        over transport: any SCEPTransport,
        received: ReceivedFile? = nil,
        stop: LoadStop = LoadStop(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(SCEPClientError) {
        if let problem = plan.problem { throw SCEPClientError(.input, problem) }
        self.plan = plan
        self.server = server
        self.transport = transport
        self.received = received
        self.stop = stop
        self.now = now
    }

    /// Makes the messages, sends them and waits for the answers.
    ///
    /// - Parameter progress: Is told every now and then how far it is.
    /// - Returns: What came of it, also where somebody ended it early.
    /// - Throws: ``SCEPClientError`` with code `input` where a message cannot be made, or a certificate not be noted.
    public func run(
        _ progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws(SCEPClientError) -> LoadReport {
        let messages = try await LoadMessages(self.plan, for: self.server, now: self.now)
        let total = self.plan.largestCount
        let supply = MessageSupply(messages, total: total)
        try await self.reporting {
            progress(.making(await supply.readyCount, of: supply.beforehand))
        } while: { () async throws(SCEPClientError) in
            try await self.make(supply, goesOn: false)
        }

        let tally = LoadTally()
        let use = ProcessorUse()
        let start = ContinuousClock.now
        let sender = LoadSender(
            plan: self.plan,
            server: self.server,
            transport: self.transport,
            supply: supply,
            tally: tally,
            received: self.received,
            stop: self.stop,
            start: start
        )
        try await self.reporting {
            let (done, failed, resent) = tally.counts
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            progress(.sending(done, of: total, seconds: seconds, failed: failed, resent: resent))
        } while: { () async throws(SCEPClientError) in
            try await self.send(sender, from: supply)
        }
        let duration = ContinuousClock.now - start
        return self.report(
            tally.current, supply: supply, shortages: await supply.shortages, duration: duration, use: use)
    }

    /// Makes messages on all processors.
    private func make(_ supply: MessageSupply, goesOn: Bool) async throws(SCEPClientError) {
        let stop = self.stop
        try await Self.together(ProcessInfo.processInfo.activeProcessorCount) { () async throws(SCEPClientError) in
            guard !stop.isAsked else { return }
            try await supply.make(goesOn: goesOn)
        }
    }

    /// Sends over all connections, while messages are made for them where not all of them are ready.
    private func send(_ sender: LoadSender, from supply: MessageSupply) async throws(SCEPClientError) {
        async let made = Self.result { () async throws(SCEPClientError) in
            if supply.isEndless { try await self.make(supply, goesOn: true) }
        }
        let sent = await Self.result { () async throws(SCEPClientError) in
            try await Self.together(self.plan.connections) { () async throws(SCEPClientError) in
                do throws(SCEPClientError) {
                    try await sender.run()
                } catch {
                    self.stop.ask()
                    throw error
                }
            }
        }
        await supply.end()
        try await made.get()
        try sent.get()
    }

    private static func result(
        _ body: @Sendable () async throws(SCEPClientError) -> Void
    ) async -> Result<Void, SCEPClientError> {
        do throws(SCEPClientError) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// Does the same several times at once; the first error is thrown when all are over.
    private static func together(
        _ count: Int,
        _ body: @escaping @Sendable () async throws(SCEPClientError) -> Void
    ) async throws(SCEPClientError) {
        let results = await withTaskGroup(of: Result<Void, SCEPClientError>.self) { group in
            for _ in 0..<count { group.addTask { await Self.result(body) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for result in results { try result.get() }
    }

    /// Tells of something four times a second while it goes on.
    private func reporting(
        _ tell: @escaping @Sendable () async -> Void,
        while body: () async throws(SCEPClientError) -> Void
    ) async throws(SCEPClientError) {
        let teller = Task {
            while !Task.isCancelled {
                await tell()
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
        defer { teller.cancel() }
        try await body()
    }

    private func report(
        _ tally: LoadTally.State,
        supply: MessageSupply,
        shortages: Int,
        duration: Duration,
        use before: ProcessorUse
    ) -> LoadReport {
        let use = ProcessorUse()
        let seconds = max(duration / .seconds(1), 1e-6)
        let processors = Double(ProcessInfo.processInfo.activeProcessorCount)
        var report = LoadReport(
            url: "\(self.server.url)",
            seconds: seconds,
            isInterrupted: self.stop.isAsked,
            issued: tally.issued,
            pending: tally.pending,
            failed: tally.failed,
            failures: tally.failures.map { LoadReport.Failure(reason: $0, count: $1.count, example: $1.example) }
                .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) },
            perSecond: Double(tally.issued + tally.pending) / seconds,
            milliseconds: LoadReport.Latency(tally.latencies),
            resent: tally.resent,
            bytesSent: tally.bytesSent,
            bytesReceived: tally.bytesReceived,
            connections: self.plan.connections,
            isVerified: !self.plan.trustsAnswers,
            madeBeforehand: supply.beforehand,
            client: LoadReport.Client(
                processorSeconds: use.own - before.own,
                processorShare: (use.own - before.own) / seconds / processors,
                waitingShare: min(tally.waited / seconds / Double(self.plan.connections), 1)
            ),
            warnings: []
        )
        report.warnings = report.findings(
            self.plan, machineShare: use.busyShare(since: before), shortages: shortages)
        return report
    }
}
