import CertificateAuthority
import Enrollment
import Foundation
import Logging
import Registry

/// Makes a CRL for each CA: within a second of a revocation, and long before the last one ends.
struct RevocationListPublication {
    let configuration: ServedConfiguration
    /// Whether lists that are due are made here; otherwise they are only taken over from the node that makes them.
    var isMaking = true
    let logger: Logger

    func run(at now: Date) async throws {
        let current = self.configuration.current
        let states: [Int64: RevocationListState]
        do {
            states = try await self.configuration.registry.revocationListStates()
            try await self.configuration.statuses.follow(states, in: self.configuration.registry)
        } catch {
            // Whether what is kept still holds is not known then.
            self.configuration.statuses.forgetAll()
            throw error
        }
        var failure: (any Error)?
        for authority in current.authorities.all {
            guard let state = states[authority.id] else { continue }
            do {
                try await self.update(authority, state, current.publication, at: now)
            } catch {
                // One CA whose key does not work keeps no other one from saying what is revoked.
                self.configuration.revocationLists.note(state, of: authority.id)
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func update(
        _ authority: IssuingAuthority,
        _ state: RevocationListState,
        _ settings: PublicationSettings,
        at now: Date
    ) async throws {
        let lists = self.configuration.revocationLists
        let validity = Double(settings.revocationListHours) * 3600
        let isFresh = state.isFresh(at: now, validity: validity, end: authority.issuer.notAfter)
        if self.isMaking, authority.issuer.notAfter > now, !isFresh || !state.isLatest {
            try await self.publish(authority, after: state, isComplete: !isFresh, validity: validity, at: now)
        } else if lists.number(of: authority.id) != state.number, state.number > 0 {
            // Another process has made it, or an earlier one.
            try await lists.load(authority.id, from: self.configuration.registry)
        }
        lists.note(state, of: authority.id)
    }

    /// Makes the next CRL.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - state: What its last CRL is, and how often something was revoked by now.
    ///   - isComplete: Whether it is made from all that is revoked, so that what has ended is left out; otherwise from the
    ///     last one and what has changed since.
    ///   - validity: How long it is valid, in seconds.
    ///   - now: The time.
    /// - Throws: What keeps the registry from being read or written, or the key from signing.
    private func publish(
        _ authority: IssuingAuthority,
        after state: RevocationListState,
        isComplete: Bool,
        validity: TimeInterval,
        at now: Date
    ) async throws {
        let (entries, sequence) =
            isComplete
            ? try await self.allEntries(of: authority.id, since: state.thisUpdate)
            : try await self.changedEntries(of: authority.id)
        let count = entries.count
        let nextUpdate = min(now.addingTimeInterval(validity), authority.issuer.notAfter)
        let record = RevocationListRecord(
            number: state.number + 1,
            encoded: try authority.issuer.revocationList(
                number: state.number + 1,
                entries: entries,
                thisUpdate: now,
                nextUpdate: nextUpdate
            ),
            thisUpdate: now,
            nextUpdate: nextUpdate,
            revocationChanges: sequence
        )
        // Another node may have been faster.
        guard try await self.configuration.registry.insert(record, authority: authority.id) else { return }
        self.configuration.revocationLists.publish(record, of: authority.id)
        self.logger.info(
            "CRL made",
            metadata: [
                "authority": "\(authority.name)", "number": "\(record.number)", "entries": "\(count)",
                "bytes": "\(record.encoded.count)", "nextUpdate": "\(nextUpdate.formatted(.iso8601))",
            ]
        )
    }

    /// How many changes are made to a list; with more it is made anew.
    private static let maximumChanges = 20_000

    private func allEntries(
        of authority: Int64,
        since last: Date?
    ) async throws -> (RevocationListEntries, sequence: Int64) {
        // "An entry MUST NOT be removed from the CRL until it appears on one regularly scheduled CRL issued beyond the
        // revoked certificate's validity period." (RFC 5280 §3.3)
        let found = try await self.configuration.registry.eachRevocation(
            authority: authority,
            endingAfter: last ?? .distantPast,
            into: RevocationListEntries()
        ) { entries, serialNumber, revocation in
            try entries.append(RevokedCertificate(serialNumber: serialNumber, revocation))
        }
        return (found.whole, found.sequence)
    }

    private func changedEntries(of authority: Int64) async throws -> (RevocationListEntries, sequence: Int64) {
        let registry = self.configuration.registry
        guard let last = try await registry.revocationList(authority: authority) else {
            return try await self.allEntries(of: authority, since: nil)
        }
        let found = try await registry.revocationChanges(
            authority: authority,
            after: last.revocationChanges,
            limit: Self.maximumChanges
        )
        // So many are put on a new list sooner than looked for in the last one.
        guard found.isComplete else { return try await self.allEntries(of: authority, since: last.thisUpdate) }
        guard var entries = try? RevocationListEntries(of: last.encoded) else {
            // A damaged one must not keep what is revoked now from being said.
            self.logger.error("the last CRL cannot be read; the next one is made from all that is revoked")
            return try await self.allEntries(of: authority, since: nil)
        }
        // What was on hold may be revoked for good or released now.
        entries.remove(serialNumbers: Set(found.changes.map(\.serialNumber)))
        for change in found.changes {
            guard let revocation = change.revocation else { continue }
            try entries.append(RevokedCertificate(serialNumber: change.serialNumber, revocation))
        }
        return (entries, found.sequence)
    }
}

extension RevocationListState {
    /// Whether the CRL needs no follower yet, as far as time goes.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - validity: How long a CRL that is made now would be valid, in seconds.
    ///   - end: The end of the CA: a CRL that is valid until then needs no follower, for that could be valid no longer.
    /// - Returns: Whether it is; not where it is valid for longer than one is now.
    fileprivate func isFresh(at now: Date, validity: TimeInterval, end: Date) -> Bool {
        guard let thisUpdate, let nextUpdate else { return false }
        // Times are stored without what is less than a millisecond.
        guard nextUpdate.timeIntervalSince(thisUpdate) < validity + 1 else { return false }
        return nextUpdate.timeIntervalSince(now) > validity / 2 || end.timeIntervalSince(nextUpdate) < 1
    }
}

extension RevokedCertificate {
    /// An entry for what the registry says.
    init(serialNumber: [UInt8], _ revocation: Revocation) {
        self.init(
            serialNumber: serialNumber,
            revokedAt: revocation.date,
            reason: RevocationReason(stored: revocation.reason),
            invalidityDate: revocation.invalidityDate
        )
    }
}

extension RevocationReason {
    /// The reason that the registry has.
    init(stored reason: Int) {
        self = UInt8(exactly: reason).flatMap(RevocationReason.init) ?? .unspecified
    }
}
