import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import Registry
import ServiceLifecycle
import UnixSignals

/// The server: the one place where everything is put together.
public struct UCMServer: Sendable {
    private let configuration: ServerConfiguration
    private let logger: Logger

    /// Makes a server; nothing happens until ``run()``.
    public init(configuration: ServerConfiguration) {
        self.configuration = configuration
        let format = configuration.logFormat
        self.logger = Logger(label: "ucm") { _ in LineLogHandler(format: format) }
    }

    /// Opens the data directory, making what is missing, and serves until SIGTERM or SIGINT.
    ///
    /// - Throws: ``StartupError``, or what ends a listener.
    public func run() async throws {
        let now = Date()
        let directory = try DataDirectory(path: self.configuration.dataDirectory)
        let registry = try await Registry(database: try directory.openDatabase())
        let isFirstRun = try await registry.authorities().isEmpty
        let masterKey = try directory.masterKey(self.configuration, isFirstRun: isFirstRun)
        var secrets: FirstRun.Secrets?
        if isFirstRun {
            secrets = try await FirstRun(configuration: self.configuration, registry: registry, masterKey: masterKey)
                .run(at: now)
        }
        guard let record = try await registry.authorities().first else {
            throw StartupError("the database in \(directory.path) has no CA")
        }
        let authority = try await LoadedAuthority(record, registry: registry, masterKey: masterKey)
        var authorities: [String: RegistrationAuthority] = [:]
        for profile in try await registry.profiles() where profile.authority == record.id {
            authorities[profile.name] = try authority.registrationAuthority(for: profile, registry: registry)
            if profile.challenges.isEmpty, !profile.isOpen {
                self.logger.warning("SCEP profile refuses every enrolment: it has no challenge and is not open", metadata: ["profile": "\(profile.name)"])
            }
        }
        let services = try await self.services(
            controller: SCEPController(authorities: authorities, logger: self.logger),
            authority: authority,
            registry: registry,
            masterKey: masterKey,
            announcement: Announcement(
                configuration: self.configuration,
                fingerprint: Array(SHA256.hash(data: record.certificate)),
                secrets: secrets
            ),
            at: now
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "ucm.lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        defer { try? registry.close() }
        do {
            try await group.run()
        } catch let error as IOError {
            throw self.startupError(error)
        }
        self.logger.notice("stopped")
    }

    /// The listeners and what runs beside them.
    private func services(
        controller: SCEPController,
        authority: LoadedAuthority,
        registry: Registry,
        masterKey: MasterKey,
        announcement: Announcement,
        at now: Date
    ) async throws -> [any Service] {
        let router = Router(context: UCMRequestContext.self)
        controller.addRoutes(to: router)
        router.get("/health/ready") { _, _ in Response.plainText(.ok, "ready") }
        let responder = router.buildResponder()
        let listeners = (self.configuration.https == nil ? 0 : 1) + (self.configuration.http == nil ? 0 : 1)
        let state = ListeningState(expected: listeners, announcement: announcement, logger: self.logger)

        func application(_ scheme: Listener.Scheme, _ address: ListenAddress, _ server: HTTPServerBuilder) -> any Service {
            Application(
                responder: responder,
                server: server,
                configuration: ApplicationConfiguration(
                    address: .hostname(address.host, port: address.port),
                    serverName: nil,
                    backlog: 1024
                ),
                onServerRunning: { channel in
                    state.add(
                        Listener(
                            scheme: scheme,
                            host: HostNames.preferred(self.configuration, for: address),
                            port: channel.localAddress?.port ?? address.port
                        )
                    )
                },
                logger: Logger(label: "ucm.http") { _ in
                    var handler = LineLogHandler(format: self.configuration.logFormat)
                    handler.logLevel = .error
                    return handler
                }
            )
        }
        let http1 = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(60)))
        var services: [any Service] = []
        if let address = self.configuration.https {
            let certificate: ServerCertificate
            if let files = self.configuration.tlsFiles {
                certificate = try ServerCertificate(certificateFile: files.certificate, keyFile: files.key)
            } else {
                certificate = try await ServerCertificate(
                    authority: authority,
                    names: HostNames.all(self.configuration),
                    registry: registry,
                    masterKey: masterKey,
                    at: now
                )
                services.append(ServerCertificateRenewal(certificate: certificate, logger: self.logger))
            }
            do {
                let tls = try HTTPServerBuilder.tls(http1, tlsConfiguration: certificate.configuration())
                services.append(application(.https, address, tls))
            } catch {
                throw StartupError("the TLS certificate and key do not work together: \(error)")
            }
        }
        if let address = self.configuration.http { services.append(application(.http, address, http1)) }
        return services
    }

    private func startupError(_ error: IOError) -> StartupError {
        let addresses = [self.configuration.https, self.configuration.http].compactMap(\.self)
            .map { "\($0.host):\($0.port)" }.joined(separator: " or ")
        return switch error.errnoCode {
        case EADDRINUSE: StartupError("\(addresses) is in use by another program: choose another port with --https or --http")
        case EACCES: StartupError("\(addresses) may not be listened on: ports below 1024 need CAP_NET_BIND_SERVICE")
        default: StartupError("\(addresses) cannot be listened on: \(error)")
        }
    }
}
