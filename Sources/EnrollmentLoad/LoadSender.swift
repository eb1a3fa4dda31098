import Foundation
import SCEP
import SCEPClient
import Synchronization

/// Sends the messages of a load, one after the other on each connection.
final class LoadSender: Sendable {
    private let plan: LoadPlan
    private let server: NegotiatedServer
    private let transport: any SCEPTransport
    private let supply: MessageSupply
    private let tally: LoadTally
    private let received: ReceivedFile?
    private let stop: LoadStop
    private let start: ContinuousClock.Instant
    private let end: ContinuousClock.Instant?
    /// How many have begun, of a load with a rate.
    private let begun = Mutex(0)

    /// The pause before a message is sent again for the first time; it doubles up to a second.
    private static let firstPause = Duration.milliseconds(50)
    private static let longestPause = Duration.seconds(1)

    init(
        plan: LoadPlan,
        server: NegotiatedServer,
        transport: any SCEPTransport,
        supply: MessageSupply,
        tally: LoadTally,
        received: ReceivedFile?,
        stop: LoadStop,
        start: ContinuousClock.Instant
    ) {
        self.plan = plan
        self.server = server
        self.transport = transport
        self.supply = supply
        self.tally = tally
        self.received = received
        self.stop = stop
        self.start = start
        self.end = if case .seconds(let seconds) = plan.extent { start + .seconds(seconds) } else { nil }
    }

    /// One connection: until there are no messages any more, or the time is over.
    ///
    /// - Throws: ``SCEPClientError`` with code `input` where a certificate cannot be noted.
    func run() async throws(SCEPClientError) {
        while let due = await self.nextTime(), let message = await self.supply.take() {
            try await self.enroll(message, due: due ?? .now)
        }
    }

    /// Waits for the time of the next enrolment: nil inside where it is now, outside where there is none any more.
    private func nextTime() async -> ContinuousClock.Instant?? {
        guard let rate = self.plan.rate else {
            return self.stop.isAsked || self.end.map({ .now >= $0 }) == true ? .none : .some(nil)
        }
        let index = self.begun.withLock { begun in
            defer { begun += 1 }
            return begun
        }
        if let most = self.plan.largestCount, index >= most { return .none }
        let due = self.start + .seconds(Double(index) / rate)
        if let end, due >= end { return .none }
        return await self.stop.wait(until: due) ? .some(due) : .none
    }

    /// One enrolment, whose message is sent again where that is wanted, the same bytes each time.
    private func enroll(_ message: LoadMessage, due: ContinuousClock.Instant) async throws(SCEPClientError) {
        let limit = self.plan.retry.map { ContinuousClock.now + .seconds($0) }
        var pause = Self.firstPause
        var sendings = 1
        while true {
            let answer = await self.exchange(message)
            let latency = ContinuousClock.now - due
            let time = Date()
            if let limit, let asked = answer.pauseBeforeNext(impatient: self.plan.isImpatient) {
                // Not all at the same moment, when a server is there again.
                let again = ContinuousClock.now + max(asked, pause * Double.random(in: 0.5...1))
                if again < limit, await self.stop.wait(until: again) {
                    self.tally.noteResent(isFirst: sendings == 1)
                    pause = min(pause * 2, Self.longestPause)
                    sendings += 1
                    continue
                }
            }
            let result = try self.judge(answer, to: message, at: time)
            return self.tally.note(result, after: latency, wasResent: sendings > 1)
        }
    }

    private func exchange(_ message: LoadMessage) async -> Result<TransportAnswer, SCEPClientError> {
        let start = ContinuousClock.now
        do throws(SCEPClientError) {
            let answer = try await self.server.send(message.enrollment, over: self.transport)
            self.tally.note(
                sent: message.enrollment.size, received: answer.body.count, after: ContinuousClock.now - start)
            return .success(answer)
        } catch {
            self.tally.note(sent: message.enrollment.size, received: 0, after: ContinuousClock.now - start)
            return .failure(error)
        }
    }

    /// Whether an answer brings a certificate, or somebody has yet to decide; or why it does neither.
    ///
    /// - Throws: ``SCEPClientError`` with code `input` where the certificate cannot be noted.
    private func judge(
        _ answer: Result<TransportAnswer, SCEPClientError>,
        to message: LoadMessage,
        at time: Date
    ) throws(SCEPClientError) -> Result<Bool, SCEPClientError> {
        let certificate: CertificateDetails?
        do throws(SCEPClientError) {
            if self.plan.trustsAnswers { return .success(try self.server.claimsCertificate(try answer.get())) }
            certificate = try self.server.certificate(in: try answer.get(), to: message.enrollment)
        } catch {
            return .failure(error)
        }
        guard let certificate else { return .success(false) }
        try self.received?.write(
            certificate,
            transactionID: message.enrollment.transactionID,
            challengeLine: message.challengeLine,
            at: time
        )
        return .success(true)
    }
}

extension Result<TransportAnswer, SCEPClientError> {
    /// How long to wait before the same message is sent again; nil where the answer is the last word.
    ///
    /// - Parameter isImpatient: Whether it does not matter what the server asks for.
    /// - Returns: The least pause.
    fileprivate func pauseBeforeNext(impatient isImpatient: Bool) -> Duration? {
        switch self {
        case .success(let answer) where isImpatient: answer.isTemporary ? .zero : nil
        case .success(let answer): answer.isTemporary ? .seconds(max(answer.retryAfter ?? 0, 0)) : nil
        case .failure(let error): [.unreachable, .noAnswer].contains(error.code) ? .zero : nil
        }
    }
}
