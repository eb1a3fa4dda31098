package import CertificateAuthority
package import CryptographicMessageSyntax
package import Enrollment
package import Foundation
package import Registry
package import SCEP

/// A registration authority on a real registry, with real keys and a given time.
package struct TestAuthority: Sendable {
    package static let challenge = "correct horse"
    package static let now = Date(timeIntervalSince1970: 1_800_000_000)

    package let registry: Registry
    package let issuer: Issuer
    package let caCertificate: SignerCertificate
    package let raCertificate: SignerCertificate
    package let registrationAuthority: RegistrationAuthority
    /// What is borne from one address.
    package let limits = ClientLimits()
    /// Decides on requests that wait.
    package let approval: Approval

    /// - Parameters:
    ///   - directory: Where the database is made, or opened again.
    ///   - level: The profile's algorithm level.
    ///   - mode: Who answers.
    ///   - challenge: The profile's challenge; nil for none.
    ///   - isOpen: Whether the profile is open.
    ///   - now: From when on CA and RA are valid.
    ///   - settings: The profile's other settings.
    /// - Throws: What a part throws.
    package init(
        directory: String,
        level: AlgorithmLevel = .compatible,
        mode: ProfileSettings.Mode = .registrationAuthority,
        challenge: String? = Self.challenge,
        isOpen: Bool = false,
        now: Date = Self.now,
        settings: ProfileSettings = ProfileSettings()
    ) async throws {
        var settings = settings
        settings.algorithmLevel = level
        settings.mode = mode
        settings.isOpen = isOpen
        let caKey = TestKeys.certificateAuthority
        let raKey = TestKeys.registrationAuthority
        let ca = try RootAuthority.make(
            name: "Test CA",
            key: caKey,
            answersSCEP: mode == .certificateAuthority,
            serialNumber: [1],
            now: now
        )
        self.issuer = try Issuer(certificate: ca, key: caKey, reservedKeys: [raKey.publicKey])
        let ra = try self.issuer.issueOwn(
            name: "Test RA",
            key: raKey,
            template: .registrationAuthority,
            serialNumber: [2],
            now: now
        )
        self.registry = try await Registry(database: SQLiteDatabase(path: directory + "/ucm.sqlite"))
        if try await self.registry.authorities().isEmpty {
            try await self.registry.insert(
                Installation(
                    authority: NewAuthority(
                        name: "Test CA",
                        certificate: ca,
                        sealedKey: try MasterKey.test.seal(caKey.pkcs8, for: SealPurpose.authority("Test CA"))
                    ),
                    serviceKeys: [],
                    profile: ProfileRecord(
                        name: Profile.defaultName,
                        authority: 0,
                        settings: try settings.json()
                    ),
                    challenges: challenge.map { [try .test($0)] } ?? [],
                    account: NewAccount(name: "admin", passwordHash: "", role: "administrator")
                ),
                at: Self.now
            )
        }
        self.caCertificate = try SignerCertificate(encoded: ca)
        self.raCertificate =
            mode == .certificateAuthority ? self.caCertificate : try SignerCertificate(encoded: ra.encoded)
        let profile = Profile(
            name: Profile.defaultName,
            settings: settings,
            challenges: try await self.registry.staticChallenges(at: Self.now).map(KnownChallenge.init)
        )
        let issuing = IssuingAuthority(
            id: 1,
            name: "Test CA",
            issuer: self.issuer,
            ownKey: try RegistrationKey(certificate: ca, key: caKey),
            registrationKeys: [try RegistrationKey(certificate: ra.encoded, key: raKey)]
        )
        self.approval = Approval(
            registry: self.registry,
            profiles: [profile],
            authorities: [issuing],
            masterKey: .test
        )
        self.registrationAuthority = try RegistrationAuthority(
            profile: profile,
            authorities: ProfileAuthorities(current: issuing),
            registry: self.registry,
            masterKey: .test,
            limits: self.limits
        )
    }
}

extension NewChallenge {
    /// A challenge of the default profile: a static one, unless a number of uses is given.
    package static func test(
        _ secret: String,
        maximumUses: Int? = nil,
        binding: ChallengeBinding = ChallengeBinding(),
        expiresAt: Date? = nil
    ) throws -> NewChallenge {
        NewChallenge(
            profile: Profile.defaultName,
            digest: MasterKey.test.digest(ofChallenge: Array(secret.utf8), profile: Profile.defaultName),
            label: "",
            binding: try binding.json(),
            maximumUses: maximumUses,
            expiresAt: expiresAt
        )
    }
}

extension ProfileSettings {
    /// The settings of a new profile after a change.
    package static func with(_ change: (inout ProfileSettings) -> Void) -> ProfileSettings {
        var settings = ProfileSettings()
        change(&settings)
        return settings
    }
}

extension MasterKey {
    /// The same one in every test.
    package static let test: MasterKey = {
        guard let key = MasterKey(bytes: [UInt8](repeating: 7, count: MasterKey.length)) else {
            preconditionFailure("a master key has 32 bytes")
        }
        return key
    }()
}
