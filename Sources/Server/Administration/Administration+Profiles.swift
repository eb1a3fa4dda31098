import CertificateAuthority
import Crypto
public import Enrollment
public import Foundation
import Registry

/// A profile as an administrator sees it.
public struct ProfileDescription: Sendable {
    /// The name.
    public var name: String
    /// The name of its CA.
    public var authority: String
    /// The settings.
    public var settings: ProfileSettings
    /// How many challenges are valid.
    public var challenges: Int
}

/// What is to be changed about a profile's challenges.
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
        return try await self.registry.profiles().map { record in
            ProfileDescription(
                name: record.name,
                authority: authorities.first { $0.id == record.authority }?.name ?? "unknown",
                settings: try Profile(record: record).settings,
                challenges: challenges.count { $0.challenge.profile == record.name }
            )
        }
    }

    /// Makes a profile, which is served at `/scep/<name>`.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - authority: The name of its CA; nil for the default profile's.
    ///   - settings: The settings.
    ///   - challenge: Its challenge.
    ///   - now: The time.
    /// - Returns: The challenge, where one was made.
    /// - Throws: ``AdministrationError`` that says what cannot be.
    public func createProfile(
        _ name: String,
        authority: String?,
        settings: ProfileSettings,
        challenge: ChallengeChange,
        at now: Date
    ) async throws -> String? {
        try Self.checkName(name)
        let records = try await self.registry.profiles()
        let fallback = records.first { $0.name == Profile.defaultName }?.authority
        let (record, challenges, made) = try await self.record(
            ProfileRecord(name: name, authority: fallback ?? 0, settings: "{}"),
            authority: authority,
            settings: settings,
            challenge: challenge,
            at: now
        )
        guard try await self.registry.insert(record, challenges: challenges ?? [], by: "ucm", at: now) else {
            throw AdministrationError("there is a profile \(name) already: change it with ucm profile set \(name)")
        }
        return made
    }

    /// Changes a profile.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - authority: The name of its new CA; nil to leave it.
    ///   - challenge: What becomes of its challenges.
    ///   - now: The time.
    ///   - change: Changes the settings.
    /// - Returns: The challenge, where one was made.
    /// - Throws: ``AdministrationError`` that says what cannot be.
    public func changeProfile(
        _ name: String,
        authority: String?,
        challenge: ChallengeChange,
        at now: Date,
        _ change: (inout ProfileSettings) -> Void
    ) async throws -> String? {
        // Where somebody else has changed it meanwhile, what he has changed is looked at and kept.
        for _ in 0..<5 {
            guard let old = try await self.registry.profiles().first(where: { $0.name == name }) else {
                throw Self.unknown(name)
            }
            var settings = try ProfileSettings(json: old.settings)
            change(&settings)
            let (record, challenges, made) = try await self.record(
                old,
                authority: authority,
                settings: settings,
                challenge: challenge,
                at: now
            )
            guard try await self.registry.update(record, from: old, by: "ucm", at: now) else { continue }
            if let challenges {
                _ = try await self.registry.replaceStaticChallenges(of: name, with: challenges, by: "ucm", at: now)
            }
            return made
        }
        throw AdministrationError("the profile \(name) is being changed by others all the time: try again")
    }

    /// Deletes a profile; its requests and certificates stay, and what it issued cannot be renewed any more.
    ///
    /// - Throws: ``AdministrationError``.
    public func deleteProfile(_ name: String) async throws {
        guard try await self.registry.deleteProfile(name, by: "ucm", at: Date()) else { throw Self.unknown(name) }
    }

    private static func unknown(_ name: String) -> AdministrationError {
        AdministrationError("there is no profile \(name): ucm profile list shows all of them")
    }

    /// Checks everything that a server would stumble over.
    private func record(
        _ old: ProfileRecord,
        authority: String?,
        settings: ProfileSettings,
        challenge: ChallengeChange,
        at now: Date
    ) async throws -> (ProfileRecord, challenges: [NewChallenge]?, made: String?) {
        try settings.check()
        var record = old
        var made: String?
        let authorities = try await self.authorities()
        if let authority {
            guard let found = authorities.named(authority) else {
                throw AdministrationError("there is no CA \(authority): ucm ca list shows all of them")
            }
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
        for issuing in [issuing, successor].compactMap(\.self) where issuing.keys(for: settings).isEmpty {
            throw AdministrationError(
                "the CA \(issuing.name) cannot answer SCEP requests itself: its certificate lacks an RSA key or "
                    + "keyEncipherment; use RA mode"
            )
        }
        record.settings = try settings.json()
        func digest(_ challenge: String) -> NewChallenge {
            let digest = self.masterKey.digest(ofChallenge: Array(challenge.utf8), profile: record.name)
            return NewChallenge(profile: record.name, digest: digest, label: "")
        }
        var challenges: [NewChallenge]?
        switch challenge {
        case .keep: break
        case .remove: challenges = []
        case .replace(let text): challenges = [digest(text)]
        case .generate:
            let generated = GeneratedSecret.make()
            challenges = [digest(generated)]
            made = generated
        }
        let kept = try await self.registry.staticChallenges(at: now).contains { $0.challenge.profile == record.name }
        guard settings.isOpen || challenges.map({ !$0.isEmpty }) ?? kept else {
            throw AdministrationError(
                "the profile \(record.name) would refuse everybody: give it a challenge, or open it with --open yes"
            )
        }
        return (record, challenges, made)
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

extension ProfileSettings {
    /// Refuses settings that make no sense.
    ///
    /// - Throws: ``AdministrationError`` that names the setting.
    func check() throws(AdministrationError) {
        guard CertificateTemplate.builtIn(named: self.template) != nil else {
            let names = CertificateTemplate.builtIn.map(\.name).joined(separator: ", ")
            throw AdministrationError("there is no template \(self.template): there are \(names)")
        }
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
