import CertificateAuthority
import Enrollment
import Foundation
import Hummingbird
import Logging
import Registry

/// A data directory that is open: registry, CAs and profiles, made where they were missing.
struct OpenedInstallation: Sendable {
    let registry: Registry
    let masterKey: MasterKey
    let lock: InstallationLock
    let configuration: ServedConfiguration
    let trustedProxies: TrustedProxies
    let administration: Administration
    /// What a first run made and nobody else knows; nil on later runs.
    let secrets: FirstRun.Secrets?

    /// Opens the data directory, making what is missing.
    ///
    /// - Throws: ``StartupError``, ``RegistryError`` or ``KeyError``, each one sentence.
    init(_ configuration: ServerConfiguration, logger: Logger, at now: Date) async throws {
        self.trustedProxies = TrustedProxies(ranges: configuration.trustedProxies)
        let opened = try await OpenedRegistry(configuration, migrating: true)
        (self.registry, self.masterKey, self.lock) = (opened.registry, opened.masterKey, opened.lock)
        self.administration = Administration(opened, passwords: PasswordGate(cost: configuration.passwordCost))
        self.secrets =
            opened.isNew
            ? try await FirstRun(configuration: configuration, registry: self.registry, masterKey: self.masterKey)
                .run(at: now)
            : nil
        // A rollover may have come due while nothing ran.
        for profile in try await self.registry.switchAuthorities(at: now) {
            logger.notice("CA rollover: profile switched to the next CA", metadata: ["profile": "\(profile)"])
        }
        self.configuration = try await ServedConfiguration(self.registry, masterKey: self.masterKey)
        let current = self.configuration.current
        // Where a CA is revoked there is nothing to be served by SCEP, but all the more by its CRL and OCSP.
        if current.registrationAuthorities.isEmpty, current.authorities.revoked.isEmpty,
            let (_, reason) = current.unserved.first
        {
            throw StartupError(reason)
        }
        current.complain(to: logger)
        if current.publication.baseURL == nil {
            let example = HostNames.distributionURL(configuration) ?? "http://HOST:PORT"
            logger.notice("certificates name no CRL and no OCSP: ucm publication set --url \(example)")
        }
    }

    /// The CA that issues the server's own certificate.
    var defaultAuthority: IssuingAuthority {
        get throws {
            guard let authority = self.configuration.current.authorities.standard else {
                throw StartupError("the database has no CA")
            }
            return authority
        }
    }

    /// What is served over plain HTTP: what protects itself, and what is public.
    func publicRouter(logger: Logger) -> Router<UCMRequestContext> {
        let router = Router(context: UCMRequestContext.self)
        router.add(middleware: ClientAddressMiddleware(proxies: self.trustedProxies))
        self.addPublicRoutes(to: router, logger: logger)
        return router
    }

    /// What is served over HTTPS: all that, and what administrators use.
    func router(logger: Logger) -> Router<UCMRequestContext> {
        let router = Router(context: UCMRequestContext.self)
        router.add(middleware: ClientAddressMiddleware(proxies: self.trustedProxies))
        router.add(middleware: APIController(api: self.api(logger: logger)))
        self.addPublicRoutes(to: router, logger: logger)
        return router
    }

    private func api(logger: Logger) -> API {
        API(administration: self.administration, served: self.configuration, logger: logger)
    }

    private func addPublicRoutes(to router: Router<UCMRequestContext>, logger: Logger) {
        SCEPController(configuration: self.configuration, logger: logger).addRoutes(to: router)
        StatusController(configuration: self.configuration, logger: logger).addRoutes(to: router)
        DistributionController(configuration: self.configuration).addRoutes(to: router)
        router.get("/health/ready") { _, _ in Response.plainText(.ok, "ready") }
    }
}
