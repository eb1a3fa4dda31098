import Foundation
import SCEP
import SCEPClient

/// An enrolment that is ready to be sent.
struct LoadMessage: Sendable {
    let enrollment: PreparedEnrollment
    /// The line of its challenge, where each has its own.
    let challengeLine: Int?
}

/// Makes the messages of a load.
struct LoadMessages: Sendable {
    private let plan: LoadPlan
    private let server: NegotiatedServer
    private let keys: [ClientKey]
    private let now: @Sendable () -> Date
    /// What the transactions of this load have in common, and no other load.
    private let run = String(UInt64.random(in: 0 ... .max), radix: 36)

    /// Makes the keys that are made beforehand, on all processors.
    init(
        _ plan: LoadPlan,
        for server: NegotiatedServer,
        now: @escaping @Sendable () -> Date
    ) async throws(SCEPClientError) {
        self.plan = plan
        self.server = server
        self.now = now
        guard case .pool(let size) = plan.keys else {
            self.keys = []
            return
        }
        let count = min(size, plan.largestCount ?? size)
        let kind = plan.keyKind
        let made = await withTaskGroup(of: Result<ClientKey, SCEPClientError>.self) { group in
            for _ in 0..<count {
                group.addTask {
                    Result { () throws(SCEPClientError) in try ClientKey(generating: kind) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var keys: [ClientKey] = []
        for key in made { keys.append(try key.get()) }
        self.keys = keys
    }

    /// Makes a message.
    ///
    /// - Parameter index: Which enrolment it is, counted from 0.
    /// - Returns: The message.
    /// - Throws: ``SCEPClientError`` with code `input`.
    func make(_ index: Int) throws(SCEPClientError) -> LoadMessage {
        let key = self.keys.isEmpty ? try ClientKey(generating: self.plan.keyKind) : self.keys[index % self.keys.count]
        let challenge = self.plan.challenges[index]
        let subject: [UInt8]
        do throws(SCEPError) {
            subject = try self.plan.subjects.subject(index + 1)
        } catch {
            throw SCEPClientError(.input, "The subject cannot be made: \(error.reason).")
        }
        let request = try EnrollmentRequest(
            subject: subject,
            key: key,
            challenge: challenge.secret,
            transactionID: TransactionID(bytes: Array("load-\(self.run)-\(index + 1)".utf8)),
            now: self.now()
        )
        return LoadMessage(enrollment: try self.server.prepare(request), challengeLine: challenge.line)
    }
}
