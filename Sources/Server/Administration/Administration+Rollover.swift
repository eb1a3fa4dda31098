public import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry
import SCEP

/// The passage from one CA to the next (RFC 8894 §5.1).
extension Administration {
    /// Makes the CA that follows another one, or lets one that is there follow it.
    ///
    /// From now on GetNextCACert serves it and requests that are encrypted for it are issued by it; at the given time
    /// all profiles of the old CA change over.
    ///
    /// - Parameters:
    ///   - name: The CA that is to be followed; nil where there is only one without a successor.
    ///   - following: The next CA.
    ///   - switchAt: When everybody changes over.
    ///   - decider: Who decides it.
    ///   - now: The time.
    /// - Returns: The next CA's name.
    /// - Throws: ``AdministrationError`` that says what cannot be.
    public func rollover(
        _ name: String?,
        to following: AuthoritySuccessor,
        switchAt: Date,
        by decider: Decider,
        at now: Date
    ) async throws -> String {
        let loaded = try await self.authorities()
        let (record, authority) = try Self.authority(name, among: loaded) { $0.rollover == nil && $0.retiredAt == nil }
        try Self.checkFollowable(record, authority, loaded, switchAt: switchAt, at: now)
        switch following {
        case .new(let successor, let algorithm):
            return try await self.makeSuccessor(
                of: (record, authority),
                in: loaded,
                named: successor ?? Self.nextGeneration(of: record.name),
                algorithm: algorithm,
                switchAt: switchAt,
                by: decider,
                at: now
            )
        case .existing(let successor):
            return try await self.appoint(
                successor,
                following: (record, authority),
                in: loaded,
                switchAt: switchAt,
                by: decider,
                at: now
            )
        }
    }

    /// Sets another time for a rollover that has not happened yet.
    ///
    /// - Parameters:
    ///   - name: The CA that is followed; nil where there is only one with a successor.
    ///   - date: When everybody changes over.
    ///   - decider: Who decides it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError``.
    public func rescheduleRollover(_ name: String?, to date: Date, by decider: Decider, at now: Date) async throws {
        try Self.check(date, at: now)
        let loaded = try await self.authorities()
        let profiles = try await self.registry.profiles()
        let (record, authority) = try Self.authority(name, among: loaded) { record in
            record.rollover != nil && profiles.contains { $0.authority == record.id }
        }
        guard date < authority.issuer.notAfter else {
            throw AdministrationError(
                "the CA \(record.name) ends on \(authority.issuer.notAfter.formatted(.iso8601)), before the switch"
            )
        }
        guard try await self.registry.reschedule(rolloverOf: record.id, to: date, by: decider, at: now) else {
            throw AdministrationError(
                "the CA \(record.name) has no rollover that could be rescheduled: ucm ca rollover makes one"
            )
        }
    }

    private static func checkFollowable(
        _ record: AuthorityRecord,
        _ authority: IssuingAuthority,
        _ loaded: LoadedAuthorities,
        switchAt: Date,
        at now: Date
    ) throws(AdministrationError) {
        guard record.rollover == nil else {
            throw AdministrationError("the CA \(record.name) has a successor already: ucm ca list shows it", .conflict)
        }
        guard record.retiredAt == nil else {
            throw AdministrationError("the CA \(record.name) is retired, so nobody has to follow it")
        }
        if let predecessor = loaded.records.first(where: { $0.rollover?.successor == record.id }),
            let rollover = predecessor.rollover, rollover.switchAt > now
        {
            throw AdministrationError(
                "the CA \(record.name) has not taken over from \(predecessor.name) yet: it will on "
                    + rollover.switchAt.formatted(.iso8601)
            )
        }
        try Self.check(switchAt, at: now)
        guard switchAt < authority.issuer.notAfter else {
            throw AdministrationError(
                "the CA \(record.name) ends on \(authority.issuer.notAfter.formatted(.iso8601)), before the switch"
            )
        }
    }

    private func makeSuccessor(
        of current: (record: AuthorityRecord, authority: IssuingAuthority),
        in loaded: LoadedAuthorities,
        named name: String,
        algorithm: KeyAlgorithm?,
        switchAt: Date,
        by decider: Decider,
        at now: Date
    ) async throws -> String {
        let (record, authority) = current
        guard record.parents.isEmpty else {
            throw AdministrationError(
                "the CA \(record.name) is below another one: make the next one with ucm ca create --parent, or ucm ca request, "
                    + "and then let it follow with ucm ca rollover --to NAME"
            )
        }
        guard !loaded.revoked.contains(record.id) else {
            throw AdministrationError(
                "the CA \(record.name) is revoked: give its profiles another one with ucm profile set --ca")
        }
        guard let key = loaded.keys[record.id], let kind = algorithm ?? KeyAlgorithm(key.publicKey) else {
            throw AdministrationError("name the kind of key with --key")
        }
        try await self.checkAnswering(kind.isRSA, under: record.id)
        try await self.checkNewName(name, in: loaded)
        let made = try self.newAuthority(
            named: name,
            key: try SoftwareKey.generate(kind),
            under: nil,
            AuthorityTerms(
                subject: try RootAuthority.commonName(name),
                following: authority.issuer.constraints,
                answersSCEP: authority.ownKey != nil
            ),
            at: now
        )
        let id = try await self.registry.insert(
            made.authority,
            serviceKeys: made.serviceKeys,
            following: record.id,
            switchAt: switchAt,
            answers: try RolloverAnswers(
                following: (authority, key),
                authorities: [made.authority.certificate],
                registration: made.serviceKeys.first?.key.certificate
            ),
            by: decider,
            at: now
        )
        guard id != nil else {
            throw AdministrationError("there is a CA \(name) already: choose another name with --next-name", .conflict)
        }
        return name
    }

    private func appoint(
        _ name: String,
        following current: (record: AuthorityRecord, authority: IssuingAuthority),
        in loaded: LoadedAuthorities,
        switchAt: Date,
        by decider: Decider,
        at now: Date
    ) async throws -> String {
        let (record, authority) = current
        let next = try self.issuingAuthority(name, in: loaded)
        guard next.id != record.id else { throw AdministrationError("the CA \(record.name) cannot follow itself") }
        guard next.issuer.notAfter > switchAt, let key = loaded.keys[record.id] else {
            throw AdministrationError(
                "the CA \(next.name) ends on \(next.issuer.notAfter.formatted(.iso8601)), before the switch"
            )
        }
        try await self.checkAnswering(next.ownKey != nil, under: record.id)
        for profile in try await self.profiles(under: record.id) { try next.check(profile.template) }
        let isAppointed = try await self.registry.appoint(
            next.id,
            following: record.id,
            switchAt: switchAt,
            answers: try RolloverAnswers(following: (authority, key), next: next),
            by: decider,
            at: now
        )
        guard isAppointed else {
            throw AdministrationError(
                "the CA \(next.name) cannot follow \(record.name): it follows or precedes another one already",
                .conflict
            )
        }
        return next.name
    }

    /// Where the CA answers SCEP requests itself the next one has to be able to do it too.
    private func checkAnswering(_ answers: Bool, under authority: Int64) async throws {
        guard !answers else { return }
        guard try await !self.profiles(under: authority).contains(where: \.settings.letsAuthorityAnswer) else {
            throw AdministrationError("a profile lets the CA answer itself, which needs an RSA key: use --key rsa3072")
        }
    }

    private func profiles(under authority: Int64) async throws -> [Profile] {
        let templates = try await self.templates()
        return try await self.registry.profiles().filter { $0.authority == authority }.map {
            try Profile(record: $0, templates: templates)
        }
    }

    /// A time in the past is a slip of the pen; a minute is for whoever types slowly.
    private static func check(_ switchAt: Date, at now: Date) throws(AdministrationError) {
        guard switchAt >= now.addingTimeInterval(-60) else {
            throw AdministrationError("\(switchAt.formatted(.iso8601)) is in the past: --in 0s means at once")
        }
    }

    private static func authority(
        _ name: String?,
        among loaded: LoadedAuthorities,
        where isMeant: (AuthorityRecord) -> Bool
    ) throws(AdministrationError) -> (AuthorityRecord, IssuingAuthority) {
        if let name {
            guard let found = loaded.named(name) else { throw Self.unknownAuthority(name) }
            return found
        }
        let candidates = loaded.records.filter(isMeant)
        guard candidates.count == 1, let found = candidates.first.flatMap({ loaded.named($0.name) }) else {
            throw AdministrationError(
                candidates.isEmpty
                    ? "there is no CA that could be meant: ucm ca list shows all of them"
                    : "name the CA with --ca: \(candidates.map(\.name).joined(separator: ", "))"
            )
        }
        return found
    }

    /// "UCM CA" is followed by "UCM CA G2", and that one by "UCM CA G3".
    static func nextGeneration(of name: String) -> String {
        if let space = name.lastIndex(of: " "), name[space...].hasPrefix(" G"),
            let generation = Int(name[space...].dropFirst(2)), (2..<1000).contains(generation)
        {
            return "\(name[..<space]) G\(generation + 1)"
        }
        return "\(name) G2"
    }
}

/// The CA that follows another one.
public enum AuthoritySuccessor: Hashable, Sendable {
    /// A new root; without a name the old one's with its generation behind it, without a kind of key the old one's.
    case new(name: String?, key: KeyAlgorithm?)
    /// One that is there.
    case existing(String)
}
