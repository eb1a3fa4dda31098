import CertificateAuthority
import Enrollment
import Foundation
import Logging
import Registry

/// What an administrator has set up, as it was at one moment: CAs and profiles, ready for use.
struct LoadedConfiguration: Sendable {
    /// By which it is known whether anything has changed since.
    let revision: Int64
    let authorities: LoadedAuthorities
    /// The profiles that can be served, by name.
    let profiles: [Profile]
    /// Who answers, by the profile's name.
    let registrationAuthorities: [String: RegistrationAuthority]
    /// The profiles that are switched off.
    let disabled: Set<String>
    /// Why other profiles cannot be served, by their names.
    let unserved: [(profile: String, reason: String)]
    /// What is borne from one address.
    let limits: LimitSettings
    /// What certificates can look like.
    let templates: CertificateTemplates
    /// Where devices find what the CAs publish.
    let publication: PublicationSettings

    init(_ registry: Registry, masterKey: MasterKey, limits: ClientLimits) async throws {
        // Read first: what changes while the rest is read is then found the next time.
        self.revision = try await registry.configurationRevision()
        self.authorities = try await LoadedAuthorities(registry, masterKey: masterKey)
        self.limits = try await LimitSettings(in: registry)
        self.templates = try await CertificateTemplates(in: registry)
        self.publication = try await PublicationSettings(in: registry)
        let challenges = try await registry.staticChallenges(at: Date())
        var profiles: [Profile] = []
        var answering: [String: RegistrationAuthority] = [:]
        var disabled: Set<String> = []
        var unserved: [(profile: String, reason: String)] = []
        for record in try await registry.profiles() {
            // One that cannot be served takes none of the others with it.
            do {
                let profile = try Profile(record: record, templates: self.templates, challenges: challenges)
                guard profile.settings.isEnabled else {
                    disabled.insert(record.name)
                    continue
                }
                answering[record.name] = try self.authorities.registrationAuthority(
                    for: profile,
                    under: record.authority,
                    registry: registry,
                    masterKey: masterKey,
                    limits: limits,
                    templates: self.templates
                )
                profiles.append(profile)
            } catch {
                unserved.append((record.name, "\(error)"))
            }
        }
        self.profiles = profiles
        self.registrationAuthorities = answering
        self.disabled = disabled
        self.unserved = unserved
    }

    /// Says which profiles are not served, or refuse everybody.
    func complain(to logger: Logger) {
        for (profile, reason) in self.unserved {
            logger.error("SCEP profile cannot be served", metadata: ["profile": "\(profile)", "reason": "\(reason)"])
        }
        for profile in self.profiles {
            guard let warning = profile.warning else { continue }
            logger.warning("SCEP profile: \(warning)", metadata: ["profile": "\(profile.name)"])
        }
    }

    /// The profile that GetCACaps, GetCACert or GetNextCACert show: the path's, unless the message names another one, or
    /// another one's CA.
    func selected(by message: String?, at path: String) -> RegistrationAuthority? {
        guard let own = self.registrationAuthorities[path] else { return nil }
        guard let message, !message.isEmpty, message != path else { return own }
        if let named = self.registrationAuthorities[message] { return named }
        guard message != own.authority.name else { return own }
        return self.profiles.lazy.compactMap { self.registrationAuthorities[$0.name] }
            .first { $0.authority.name == message } ?? own
    }
}

extension LoadedAuthorities {
    /// Who answers a profile.
    func registrationAuthority(
        for profile: Profile,
        under authority: Int64,
        registry: Registry,
        masterKey: MasterKey,
        limits: ClientLimits,
        templates: CertificateTemplates
    ) throws -> RegistrationAuthority {
        guard let authorities = self.authorities(ofProfileUnder: authority, settings: profile.settings) else {
            throw StartupError("the profile \(profile.name) belongs to a CA that is not there")
        }
        guard !self.revoked.contains(authority) else {
            throw StartupError(
                "the profile \(profile.name) belongs to the CA \(authorities.current.name), whose certificate, or that of a CA "
                    + "above it, is revoked: give it another one with ucm profile set --ca"
            )
        }
        guard !authorities.current.isRetired else {
            throw StartupError(
                "the profile \(profile.name) belongs to the CA \(authorities.current.name), which is retired")
        }
        guard let answering = authorities.current.keys(for: profile.settings).first else {
            let name = authorities.current.name
            throw StartupError(
                profile.settings.letsAuthorityAnswer
                    ? "the profile \(profile.name) lets the CA answer itself, but the certificate of the CA \(name) lacks RSA, "
                        + "digitalSignature or keyEncipherment: use RA mode"
                    : "the CA \(name) has no RA certificate, so nothing can be answered"
            )
        }
        guard answering.isFitToAnswer else {
            throw StartupError(
                "the RA certificate of the CA \(authorities.current.name) lacks digitalSignature or keyEncipherment, without "
                    + "which Windows and Apple stop after GetCACert: the database was changed, restore it"
            )
        }
        return try RegistrationAuthority(
            profile: profile,
            authorities: authorities,
            registry: registry,
            masterKey: masterKey,
            limits: limits,
            templates: templates
        )
    }
}

extension Profile {
    /// What an administrator should know who sees this profile, in one sentence; nil where there is nothing.
    var warning: String? {
        guard self.settings.isEnabled else { return "it is switched off: no device is answered" }
        if self.settings.isOpen {
            return "it is open: everybody who reaches it gets a certificate for whatever names its rules allow"
        }
        let rules = self.settings.rules
        let isAddressEnough = rules.combination == .any && !rules.addressRanges.isEmpty
        guard self.challenges.isEmpty, !isAddressEnough else { return nil }
        return rules.otherwise == .queue
            ? "it has no static challenge: without a dynamic one, requests wait for approval"
            : "it has no static challenge: without a dynamic one, every enrolment is refused"
    }

    /// Reads a profile from the registry.
    ///
    /// - Parameters:
    ///   - record: The profile as it is stored.
    ///   - templates: All templates.
    ///   - challenges: The static challenges of all profiles.
    /// - Throws: ``StartupError`` where it says something that this version does not know.
    init(record: ProfileRecord, templates: CertificateTemplates, challenges: [ChallengeRecord] = []) throws {
        let settings: ProfileSettings
        do {
            settings = try ProfileSettings(json: record.settings)
        } catch {
            throw StartupError("the profile \(record.name) has settings that this version does not know: \(error)")
        }
        guard let template = templates.named(settings.template) else {
            throw StartupError(
                "the profile \(record.name) uses the template \(settings.template), which does not exist")
        }
        self.init(
            name: record.name,
            settings: settings,
            template: template,
            challenges: try challenges.filter { $0.challenge.profile == record.name }.map(KnownChallenge.init)
        )
    }
}
