import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP

/// Makes everything that an empty data directory lacks: CA, RA certificate, TLS certificate, default profile with a
/// challenge, administrator.
struct FirstRun {
    /// What is shown once and then known to nobody else.
    struct Secrets {
        /// nil where it came from a file, or where the profile is open.
        var challenge: String?
        /// nil where it came from a file.
        var adminPassword: String?
    }

    let configuration: ServerConfiguration
    let registry: Registry
    let masterKey: MasterKey

    /// Makes and records all of it, in one transaction.
    func run(at now: Date) async throws -> Secrets {
        let settings = self.configuration.firstRun
        let givenChallenge = try settings.challengeFile.map {
            try DataDirectory.secret(in: $0, flag: "challenge-file")
        }
        let givenPassword = try settings.adminPasswordFile.map {
            try DataDirectory.secret(in: $0, flag: "admin-password-file")
        }
        let challenge = settings.isOpen ? givenChallenge : givenChallenge ?? GeneratedSecret.make()
        let password = givenPassword ?? GeneratedSecret.make()

        let caKey = try SoftwareKey.generate(settings.caKey)
        let caCertificate = try RootAuthority.make(
            terms: AuthorityTerms(
                subject: try RootAuthority.commonName(settings.caName),
                validityDays: RootAuthority.validityDays,
                answersSCEP: settings.answersInCAMode
            ),
            key: caKey,
            serialNumber: Issuer.serialNumber(from: .random(count: 20)),
            now: now
        )
        let issuer = try Issuer(certificate: caCertificate, key: caKey)
        let services = OwnCertificates(issuer: issuer, masterKey: self.masterKey)
        let profile = Profile.defaultName
        var profileSettings = ProfileSettings()
        profileSettings.mode = settings.answersInCAMode ? .certificateAuthority : .registrationAuthority
        profileSettings.algorithmLevel = settings.algorithmLevel
        profileSettings.isOpen = settings.isOpen
        var publication = PublicationSettings()
        publication.baseURL = HostNames.distributionURL(self.configuration)
        if publication.baseURL != nil {
            // A first start that was cut off may have left other ones.
            let old = try await self.registry.setting(PublicationSettings.name)
            _ = try await publication.save(over: old, in: self.registry, by: Decider.server, at: now)
        }
        try await self.registry.insert(
            Installation(
                authority: NewAuthority(
                    name: settings.caName,
                    certificate: caCertificate,
                    sealedKey: try self.masterKey.seal(caKey.pkcs8, for: SealPurpose.authority(settings.caName))
                ),
                serviceKeys: [
                    try services.registrationAuthority(of: settings.caName, at: now),
                    try services.statusSigner(of: settings.caName, at: now),
                    try services.server(names: HostNames.all(self.configuration), at: now),
                ],
                profile: ProfileRecord(
                    name: profile,
                    authority: 0,
                    settings: try profileSettings.json()
                ),
                challenges: challenge.map {
                    [
                        NewChallenge(
                            profile: profile,
                            digest: self.masterKey.digest(ofChallenge: Array($0.utf8), profile: profile),
                            label: "first start"
                        )
                    ]
                } ?? [],
                account: NewAccount(
                    name: "admin",
                    passwordHash: try PasswordHash.make(password, cost: self.configuration.passwordCost).text,
                    role: Role.administrator.name
                )
            ),
            at: now
        )
        return Secrets(
            challenge: givenChallenge == nil ? challenge : nil,
            adminPassword: givenPassword == nil ? password : nil
        )
    }
}
