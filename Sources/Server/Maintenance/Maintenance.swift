import Enrollment
import Foundation
import Logging
import Registry
import ServiceLifecycle

/// What has to be done without anybody asking.
///
/// Each node follows what others change: the configuration, who guesses challenges, CRLs. One node at a time, the one that is on
/// duty, does the rest: switch to the next CA, make CRLs, give up requests that nobody approved, renew the certificates of RAs
/// and OCSP signers, forget what is too old, say what ends soon and where the audit log ends.
struct Maintenance: Service {
    let configuration: ServedConfiguration
    let logger: Logger

    /// How often the registry is asked whether the configuration has changed.
    static let interval = Duration.seconds(1)

    /// For how long of an interval lists are indexed, where there is much of that to do.
    static let indexing = Duration.milliseconds(200)

    /// Every how many intervals requests and certificates are looked at.
    static let rounds = 10

    /// Every how many intervals the log says what ends soon and where the audit log ends.
    static let roundsOfDay = 86_400

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let complaints = Complaints(logger: self.logger)
            // A node that takes over begins with everything.
            var round = 0
            while !Task.isCancelled {
                let now = Date()
                let ping: Void? = await complaints.attempt("reach the database") {
                    try await self.configuration.registry.ping()
                }
                var isOnDuty = false
                // Where it is away, all that follows would only say so again.
                if ping != nil {
                    await self.follow(complaints, at: now)
                    isOnDuty =
                        await complaints.attempt("find out which node is on duty") {
                            try await self.configuration.registry.isOnDuty()
                        } ?? false
                }
                if isOnDuty != self.configuration.isOnDuty {
                    (self.configuration.isOnDuty, round) = (isOnDuty, 0)
                    if self.configuration.registry.isShared { self.noteDuty(isOnDuty) }
                }
                await self.publish(complaints, isOnDuty: isOnDuty, at: now)
                if isOnDuty {
                    await self.work(complaints, round, at: now)
                    round += 1
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func noteDuty(_ isOnDuty: Bool) {
        self.logger.notice(
            isOnDuty
                ? "this node is on duty: it makes CRLs, renews certificates and tidies up"
                : "this node is not on duty any more: another one makes CRLs, renews certificates and tidies up")
    }

    /// What every node does, for itself.
    private func follow(_ complaints: Complaints, at now: Date) async {
        let registry = self.configuration.registry
        if registry.isShared {
            await complaints.attempt("say that this node uses the master key") {
                guard try await registry.keepsInstallation() else {
                    throw StartupError("the master key is being changed: stop this node, and start it with the new one")
                }
            }
            await complaints.attempt("share limits with other nodes") {
                try await self.configuration.limits.share(in: registry, at: now)
            }
        }
        if self.configuration.condition.reason != nil {
            // A node to which nobody sends anything any more would never find out otherwise.
            await complaints.attempt("change anything") { try await registry.tryChange() }
        }
        await complaints.attempt("follow the configuration") { try await self.followConfiguration() }
        await complaints.attempt("follow who guesses challenges") {
            try await self.configuration.limits.followGuesses(in: registry, at: now)
        }
    }

    /// Follows revocations and CRLs, and makes the CRLs that are due.
    private func publish(_ complaints: Complaints, isOnDuty: Bool, at now: Date) async {
        await complaints.attempt("make CRLs") {
            try await RevocationListPublication(
                configuration: self.configuration, isMaking: isOnDuty, logger: self.logger
            ).run(at: now)
        }
    }

    /// What one node does, for all.
    private func work(_ complaints: Complaints, _ round: Int, at now: Date) async {
        await complaints.attempt("switch to the next CA") { try await self.switchAuthorities(at: now) }
        await complaints.attempt("keep the lists quick") {
            try await self.configuration.registry.indexLists(for: Self.indexing)
        }
        if round % Self.rounds == 0 {
            await complaints.attempt("give up requests that nobody approved in time") {
                try await self.expireRequests(at: now)
            }
            await complaints.attempt("forget old refusals and requests") { try await self.prune(at: now) }
            await complaints.attempt("renew the certificates of RAs and OCSP signers") {
                try await ServiceKeyRenewal(configuration: self.configuration, logger: self.logger).run(at: now)
            }
        }
        if round % Self.roundsOfDay == 0 {
            self.warnOfEndings(at: now)
            await complaints.attempt("forget old entries of the audit log") {
                try await self.applyRetention(at: now)
            }
            await complaints.attempt("read the end of the audit log") { try await self.logAuditHeads() }
        }
    }

    /// Has the next CA take over where its time has come.
    func switchAuthorities(at now: Date) async throws {
        for profile in try await self.configuration.registry.switchAuthorities(at: now) {
            self.logger.notice("CA rollover: profile switched to the next CA", metadata: ["profile": "\(profile)"])
        }
    }

    /// Takes over what has changed in the registry.
    func followConfiguration() async throws {
        if try await self.configuration.refresh() {
            self.logger.notice("configuration changed")
            self.configuration.current.complain(to: self.logger)
        }
    }

    /// Says which CA certificate ends within 90 days, and which one of an RA or OCSP signer was not renewed in time.
    func warnOfEndings(at now: Date) {
        for ending in self.configuration.current.authorities.endings(at: now) {
            self.logger.warning("\(ending.sentence)", metadata: ["authority": "\(ending.authority)"])
        }
    }

    /// Gives up requests that waited too long.
    func expireRequests(at now: Date) async throws {
        for id in try await self.configuration.registry.expireRequests(at: now) {
            self.logger.notice("SCEP request was not approved in time", metadata: ["request": "\(id)"])
        }
    }

    /// Forgets refusals, requests that others replaced, wrong challenges and exchanges, which anybody can cause: what somebody
    /// decided, and what was issued, is kept.
    func prune(at now: Date) async throws {
        let registry = self.configuration.registry
        try await registry.prune(refusalsBefore: now.addingTimeInterval(-90 * 86_400), keepingAtMost: 100_000)
        try await registry.prune(
            idleRequestsBefore: now.addingTimeInterval(-90 * 86_400),
            keepingAtMost: 100_000
        )
        try await registry.pruneWrongChallenges(before: now.addingTimeInterval(-86_400), keepingAtMost: 100_000)
        if registry.isShared { try await registry.pruneAddressUse(before: now.addingTimeInterval(-120)) }
        try await registry.pruneSignInFailures(at: now)
        try await registry.pruneSessions(at: now)
        try await registry.pruneIdempotencyKeys(at: now)
        try await registry.prune(exchangesBefore: now.addingTimeInterval(-30 * 86_400), keepingAtMost: 1_000_000)
    }

    /// Forgets entries of the audit log that are older than somebody has decided.
    func applyRetention(at now: Date) async throws {
        let registry = self.configuration.registry
        guard let days = try await registry.auditRetentionDays() else { return }
        let count = try await registry.prune(
            eventsBefore: now.addingTimeInterval(-Double(days) * 86_400),
            by: Decider.server,
            at: now
        )
        if count > 0 { self.logger.notice("audit log pruned", metadata: ["entries": "\(count)", "days": "\(days)"]) }
    }

    /// Says where the audit log ends: whoever writes the database anew cannot write a log anew that is kept elsewhere.
    func logAuditHeads() async throws {
        for (head, entries) in try await self.configuration.registry.auditHeads() {
            self.logger.notice("audit log", metadata: ["entries": "\(entries)", "head": "\(head)"])
        }
    }
}
