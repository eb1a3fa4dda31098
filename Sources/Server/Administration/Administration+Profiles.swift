import CertificateAuthority
import Crypto
public import Enrollment
public import Foundation
public import Registry

/// A profile as an administrator sees it.
public struct ProfileDescription: Sendable {
    /// The name.
    public var name: String
    /// The name of its CA.
    public var authority: String
    /// The settings.
    public var settings: ProfileSettings
    /// How many static challenges are valid.
    public var challenges: Int
    /// What an administrator should know; nil where there is nothing.
    public var warning: String?
    /// What stands for its present settings.
    public var revision: String
}

/// What came of making or changing a profile.
public struct ProfileChange: Hashable, Sendable {
    /// The challenge, where one was made; it is shown once.
    public var challenge: String?
    /// What an administrator should know of the profile; nil where there is nothing.
    public var warning: String?
}

/// What is to be changed about a profile's static challenges.
public enum ChallengeChange: Hashable, Sendable {
    /// Nothing.
    case keep
    /// Only this one is valid from now on.
    case replace(String)
    /// A new one is made, and shown once.
    case generate
    /// None is valid any more.
    case remove
}

/// SCEP endpoints.
extension Administration {
    /// All profiles, by name.
    ///
    /// - Throws: ``StartupError`` or ``RegistryError``.
    public func profileDescriptions() async throws -> [ProfileDescription] {
        let authorities = try await self.registry.authorities()
        let challenges = try await self.registry.staticChallenges(at: Date())
        let templates = try await self.templates()
        return try await self.registry.profiles().map { record in
            let profile = try Profile(record: record, templates: templates, challenges: challenges)
            let authority = authorities.first { $0.id == record.authority }
            return ProfileDescription(
                name: record.name,
                authority: authority?.name ?? "unknown",
                settings: profile.settings,
                challenges: profile.challenges.count,
                warning: profile.warning(under: authority, at: Date()),
                revision: record.revision
            )
        }
    }

    /// A profile.
    ///
    /// - Throws: ``AdministrationError`` where there is none of that name.
    public func profileDescription(_ name: String) async throws -> ProfileDescription {
        guard let found = try await self.profileDescriptions().first(where: { $0.name == name }) else {
            throw AdministrationError.unknownProfile(name)
        }
        return found
    }

    /// Makes a profile, which is served at `/scep/<name>`.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - authority: The name of its CA; nil for the default one.
    ///   - settings: The settings.
    ///   - challenge: Its static challenge.
    ///   - decider: Who makes it.
    ///   - now: The time.
    /// - Returns: The challenge, where one was made.
    /// - Throws: ``AdministrationError`` that says what cannot be.
    public func createProfile(
        _ name: String,
        authority: String?,
        settings: ProfileSettings,
        challenge: ChallengeChange,
        by decider: Decider,
        at now: Date
    ) async throws -> ProfileChange {
        try Self.checkName(name)
        let fallback = try await self.registry.authorities().first(where: \.isDefault)?.id
        let record = try await self.record(
            ProfileRecord(name: name, authority: fallback ?? 0, settings: "{}"),
            authority: authority,
            settings: settings,
            at: now
        )
        let secret = challenge.secret
        let templates = try await self.templates()
        let challenges = try secret.map { [try self.staticChallenge(of: name, $0, templates, at: now)] } ?? []
        guard try await self.registry.insert(record, challenges: challenges, by: decider, at: now) else {
            throw AdministrationError(
                "there is a profile \(name) already: change it with ucm profile set \(name)", .conflict, field: "name")
        }
        return try await self.change(of: name, made: challenge == .generate ? secret : nil)
    }

    /// Changes a profile.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - authority: The name of its new CA; nil to leave it.
    ///   - challenge: What becomes of its static challenges.
    ///   - revision: What stands for the settings that were seen; nil where that does not matter.
    ///   - decider: Who changes it.
    ///   - now: The time.
    ///   - change: Changes the settings.
    /// - Returns: The challenge, where one was made.
    /// - Throws: ``AdministrationError`` that says what cannot be.
    public func changeProfile(
        _ name: String,
        authority: String?,
        challenge: ChallengeChange,
        expecting revision: String? = nil,
        by decider: Decider,
        at now: Date,
        _ change: (inout ProfileSettings) throws -> Void
    ) async throws -> ProfileChange {
        let secret = challenge.secret
        // Before anything is changed: the settings must not be half of what was asked for.
        let templates = try await self.templates()
        let challenges = try secret.map { [try self.staticChallenge(of: name, $0, templates, at: now)] } ?? []
        for challenge in challenges {
            let known = try await self.registry.challenge(digest: challenge.digest, profile: name)
            if known?.challenge.isLimited == true { throw Self.isForSingleDevices }
        }
        // Where somebody else has changed it meanwhile, what he has changed is looked at and kept.
        for _ in 0..<5 {
            guard let old = try await self.registry.profiles().first(where: { $0.name == name }) else {
                throw AdministrationError.unknownProfile(name)
            }
            try AdministrationError.check(revision, is: old.revision, "the profile \(name)")
            var settings = try ProfileSettings(json: old.settings)
            try change(&settings)
            let record = try await self.record(old, authority: authority, settings: settings, at: now)
            guard try await self.registry.update(record, from: old, by: decider, at: now) else { continue }
            if challenge != .keep {
                let insertion = try await self.registry.replaceStaticChallenges(
                    of: name,
                    with: challenges,
                    by: decider,
                    at: now
                )
                guard case .inserted = insertion else { throw Self.isForSingleDevices }
            }
            return try await self.change(of: name, made: challenge == .generate ? secret : nil)
        }
        throw AdministrationError("the profile \(name) is being changed by others all the time: try again", .conflict)
    }

    /// Deletes a profile; its requests and certificates stay, and what it issued cannot be renewed any more.
    ///
    /// - Parameters:
    ///   - name: Which one.
    ///   - revision: What stands for the profile that was seen; nil where that does not matter.
    ///   - decider: Who deletes it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError``.
    public func deleteProfile(
        _ name: String,
        expecting revision: String? = nil,
        by decider: Decider,
        at now: Date
    ) async throws {
        guard let old = try await self.registry.profiles().first(where: { $0.name == name }) else {
            throw AdministrationError.unknownProfile(name)
        }
        let what = "the profile \(name)"
        try AdministrationError.check(revision, is: old.revision, what)
        let seen = revision == nil ? nil : old
        guard try await self.registry.deleteProfile(name, from: seen, by: decider, at: now) else {
            throw seen == nil ? AdministrationError.unknownProfile(name) : AdministrationError.changed(what)
        }
    }

    private static let isForSingleDevices = AdministrationError(
        "the challenge is one for single devices already: choose another secret"
    )

    private func change(of name: String, made: String?) async throws -> ProfileChange {
        let record = try await self.registry.profiles().first { $0.name == name }
        let authority = try await self.registry.authorities().first { $0.id == record?.authority }
        return ProfileChange(
            challenge: made,
            warning: try await self.profile(named: name)?.warning(under: authority, at: Date())
        )
    }

    private func staticChallenge(
        of profile: String,
        _ secret: String,
        _ templates: CertificateTemplates,
        at now: Date
    ) throws -> NewChallenge {
        var order = ChallengeOrder(profile: profile, at: now)
        order.uses = nil
        order.expiresAt = nil
        order.secret = secret
        try order.check(templates, at: now)
        return try self.newChallenge(order, secret: secret)
    }

    /// Checks everything that a server would stumble over.
    private func record(
        _ old: ProfileRecord,
        authority: String?,
        settings: ProfileSettings,
        at now: Date
    ) async throws -> ProfileRecord {
        let templates = try await self.templates()
        try settings.check(templates)
        var record = old
        let authorities = try await self.authorities()
        if let authority {
            let named = try self.issuingAuthority(authority, in: authorities)
            guard let found = authorities.named(named.name) else { throw Self.unknownAuthority(authority) }
            if let rollover = found.record.rollover, rollover.switchAt <= now {
                let next = authorities[rollover.successor]?.name ?? "the next one"
                throw AdministrationError("the CA \(authority) has handed over to \(next): name that one")
            }
            record.authority = found.record.id
        }
        guard let issuing = authorities[record.authority] else {
            throw AdministrationError("name the profile's CA: ucm ca list shows all of them")
        }
        // The one that follows has to be able to do it too, or the profile would be gone with the switch.
        let successor = authorities.authorities(ofProfileUnder: record.authority, settings: settings)?.next?.authority
        let template = templates.named(settings.template)
        for issuing in [issuing, successor].compactMap(\.self) {
            guard !issuing.keys(for: settings).isEmpty else {
                throw AdministrationError(
                    "the CA \(issuing.name) cannot answer SCEP requests itself: its certificate lacks an RSA key or "
                        + "keyEncipherment; use RA mode"
                )
            }
            if let template { try issuing.check(template) }
        }
        record.settings = try settings.json()
        return record
    }

    /// A name is a part of a URL, and devices have it burnt in.
    private static func checkName(_ name: String) throws(AdministrationError) {
        let allowed = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x2d
        }
        // These are the beginnings of the paths that devices have burnt in.
        let reserved = ["cgi-bin", "certsrv"]
        guard allowed, (1...40).contains(name.utf8.count), !name.hasPrefix("-"), !reserved.contains(name) else {
            throw AdministrationError(
                "a profile's name has 1 to 40 characters of a to z, 0 to 9 and -, and is not \(reserved.joined(separator: " or "))"
            )
        }
    }
}

extension Profile {
    /// What an administrator should know who sees this profile and its CA, in one sentence; nil where there is nothing.
    fileprivate func warning(under authority: AuthorityRecord?, at now: Date) -> String? {
        if let warning { return warning }
        guard let authority, let end = try? AuthorityConstraints(certificate: authority.certificate).notAfter,
            end < now.addingTimeInterval(Double(self.template.validityDays) * 86_400)
        else { return nil }
        return
            "its certificates end with the CA \(authority.name), on \(end.formatted(.iso8601)), sooner than after the "
            + "\(self.template.validityDays) days of the template \(self.template.name)"
    }
}

extension ProfileSettings {
    /// Refuses settings that make no sense.
    ///
    /// - Throws: ``AdministrationError`` that names the setting.
    func check(_ templates: CertificateTemplates) throws(AdministrationError) {
        guard templates.named(self.template) != nil else {
            throw AdministrationError.unknownTemplate(self.template, templates)
        }
        guard self.isOpen || !self.rules.acceptsEverybody else {
            throw AdministrationError(
                "the address ranges are everybody's, so with --credentials any the profile would accept anyone: say "
                    + "--open yes if that is meant, or --credentials all"
            )
        }
        try self.queue.check()
        if let percent = self.renewal.windowPercent, !(1...100).contains(percent) {
            throw AdministrationError("the renewal window is \(percent) %, it has to be between 1 and 100")
        }
        guard (0...3650).contains(self.renewal.graceDays) else {
            throw AdministrationError(
                "the grace after the end is \(self.renewal.graceDays) days, 0 to 3650 are possible")
        }
        if let seconds = self.signingTimeTolerance, !(1...86_400).contains(seconds) {
            throw AdministrationError("the tolerance of signingTime is \(seconds) s, 1 to 86400 are possible")
        }
        if let capabilities = self.capabilities, Set(capabilities).count != capabilities.count {
            throw AdministrationError("a capability is listed twice")
        }
    }
}

extension ProfileSettings.Queue {
    /// Refuses settings that make no sense.
    fileprivate func check() throws(AdministrationError) {
        let settings = [
            ("number of approvals", self.approvalsNeeded, 1...9), ("days that a request waits", self.days, 1...365),
            ("number of requests that wait", self.limit, 1...1_000_000),
            ("number of requests of an address that wait", self.limitPerAddress, 1...1_000_000),
        ]
        for (name, value, range) in settings where !range.contains(value) {
            throw AdministrationError(
                "the \(name) is \(value), \(range.lowerBound) to \(range.upperBound) are possible"
            )
        }
    }
}

extension ProfileRecord {
    /// What stands for what can be changed about it.
    var revision: String { Revision.of(self.name, "\(self.authority)", self.settings) }
}

extension ChallengeChange {
    /// The secret that becomes valid; nil where there is none.
    fileprivate var secret: String? {
        switch self {
        case .keep, .remove: nil
        case .replace(let text): text
        case .generate: GeneratedSecret.make()
        }
    }
}
