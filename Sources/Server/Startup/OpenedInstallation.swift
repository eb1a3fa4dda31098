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
    let lock: InstallationLock?
    let configuration: ServedConfiguration
    let trustedProxies: TrustedProxies
    /// The port of the listener without TLS; nil where there is none, or none that is known before it listens.
    let plainPort: Int?
    let administration: Administration
    let metrics: ServerMetrics
    /// What clients ask by SCEP.
    let exchanges: ExchangeLog
    let installationMetrics: InstallationMetrics
    let health: HealthController
    /// Who may read the metrics over HTTPS.
    let metricsAccess: MetricsAccess
    /// What a first run made and nobody else knows; nil on later runs.
    let secrets: FirstRun.Secrets?

    /// Opens the data directory, making what is missing.
    ///
    /// - Throws: ``StartupError``, ``RegistryError`` or ``KeyError``, each one sentence.
    init(_ configuration: ServerConfiguration, logger: Logger, at now: Date) async throws {
        self.trustedProxies = TrustedProxies(ranges: configuration.trustedProxies)
        self.plainPort = configuration.http.flatMap { $0.port == 0 ? nil : $0.port }
        self.metrics = ServerMetrics()
        let condition = DatabaseCondition(logger: logger)
        let opened = try await OpenedRegistry(
            configuration, migrating: true, metrics: self.metrics, condition: condition)
        (self.registry, self.masterKey, self.lock) = (opened.registry, opened.masterKey, opened.lock)
        self.exchanges = ExchangeLog(opened.registry, logger: logger)
        let administration = Administration(opened, passwords: PasswordGate(cost: configuration.passwordCost))
        self.administration = administration
        self.metricsAccess = try MetricsAccess(configuration) { token in
            let principal = try? await administration.principal(forToken: token, address: nil, at: Date())
            return principal?.permissions.contains(.readMetrics) ?? false
        }
        self.secrets =
            opened.isNew
            ? try await FirstRun(configuration: configuration, registry: self.registry, masterKey: self.masterKey)
                .run(at: now)
            : nil
        await opened.endBeginning()
        // A rollover may have come due while nothing ran.
        for profile in try await self.registry.switchAuthorities(at: now) {
            logger.notice("CA rollover: profile switched to the next CA", metadata: ["profile": "\(profile)"])
        }
        self.configuration = try await ServedConfiguration(
            self.registry, masterKey: self.masterKey, condition: condition)
        self.health = HealthController(configuration: self.configuration)
        self.installationMetrics = InstallationMetrics(configuration: self.configuration)
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

    /// Everything that is served on a listener.
    ///
    /// - Parameters:
    ///   - logger: The log.
    ///   - scheme: Which listener: what needs a secret is on the encrypted one only.
    /// - Returns: The routes.
    func router(logger: Logger, on scheme: Listener.Scheme = .https) -> Router<UCMRequestContext> {
        let router = Router(context: UCMRequestContext.self)
        router.add(middleware: MetricsMiddleware(metrics: self.metrics))
        router.add(middleware: ClientAddressMiddleware(proxies: self.trustedProxies))
        if scheme == .https {
            let api = API(administration: self.administration, served: self.configuration, logger: logger)
            router.add(middleware: APIController(api: api))
            router.add(middleware: PagesController(api: api, plainPort: self.plainPort))
            DocsController().addRoutes(to: router)
        }
        SCEPController(
            configuration: self.configuration, logger: logger, metrics: self.metrics, exchanges: self.exchanges
        ).addRoutes(to: router)
        StatusController(configuration: self.configuration, logger: logger).addRoutes(to: router)
        DistributionController(configuration: self.configuration).addRoutes(to: router)
        self.health.addRoutes(to: router)
        if scheme == .https { self.metricsController(for: self.metricsAccess).addRoutes(to: router) }
        return router
    }

    /// What is served on the listener for metrics, to everybody who reaches it.
    func metricsRouter() -> Router<UCMRequestContext> {
        let router = Router(context: UCMRequestContext.self)
        self.health.addRoutes(to: router)
        self.metricsController(for: nil).addRoutes(to: router)
        return router
    }

    private func metricsController(for access: MetricsAccess?) -> MetricsController {
        MetricsController(metrics: self.metrics, installation: self.installationMetrics, access: access)
    }
}
