import CertificateAuthority
import Enrollment
import Foundation
import Hummingbird
import Logging
import Registry

/// A data directory that is open: registry, CA and profiles, made where they were missing.
struct OpenedInstallation: Sendable {
    let registry: Registry
    let masterKey: MasterKey
    let authority: LoadedAuthority
    /// Who answers, by the profile's name.
    let registrationAuthorities: [String: RegistrationAuthority]
    /// What a first run made and nobody else knows; nil on later runs.
    let secrets: FirstRun.Secrets?

    /// Opens the data directory, making what is missing.
    ///
    /// - Throws: ``StartupError``, ``RegistryError`` or ``KeyError``, each one sentence.
    init(_ configuration: ServerConfiguration, logger: Logger, at now: Date) async throws {
        let directory = try DataDirectory(path: configuration.dataDirectory)
        self.registry = try await Registry(database: try directory.openDatabase())
        let isFirstRun = try await self.registry.authorities().isEmpty
        self.masterKey = try directory.masterKey(configuration, isFirstRun: isFirstRun)
        self.secrets =
            isFirstRun
            ? try await FirstRun(configuration: configuration, registry: self.registry, masterKey: self.masterKey)
                .run(at: now)
            : nil
        guard let record = try await self.registry.authorities().first else {
            throw StartupError("the database in \(directory.path) has no CA")
        }
        self.authority = try await LoadedAuthority(record, registry: self.registry, masterKey: self.masterKey)
        var authorities: [String: RegistrationAuthority] = [:]
        for profile in try await self.registry.profiles() where profile.authority == record.id {
            authorities[profile.name] = try self.authority.registrationAuthority(for: profile, registry: self.registry)
            if profile.challenges.isEmpty, !profile.isOpen {
                logger.warning(
                    "SCEP profile refuses every enrolment: it has no challenge and is not open",
                    metadata: ["profile": "\(profile.name)"]
                )
            }
        }
        self.registrationAuthorities = authorities
    }

    /// Everything that is served over HTTP.
    func router(logger: Logger) -> Router<UCMRequestContext> {
        let router = Router(context: UCMRequestContext.self)
        SCEPController(authorities: self.registrationAuthorities, logger: logger).addRoutes(to: router)
        router.get("/health/ready") { _, _ in Response.plainText(.ok, "ready") }
        return router
    }
}
