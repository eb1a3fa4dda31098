import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
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
        self.logger = Self.logger(configuration.logFormat, level: .info)
    }

    private static func logger(_ format: LogFormat, level: Logger.Level) -> Logger {
        Logger(label: "ucm") { _ in
            var handler = LineLogHandler(format: format)
            handler.logLevel = level
            return handler
        }
    }

    /// Opens the data directory, making what is missing, and serves until SIGTERM or SIGINT.
    ///
    /// - Throws: ``StartupError`` and others that are one sentence for whoever started it.
    public func run() async throws {
        OpenFileLimit.raise()
        let now = Date()
        let installation = try await OpenedInstallation(self.configuration, logger: self.logger, at: now)
        defer {
            do {
                try installation.registry.close()
            } catch {
                self.logger.error("the database was not closed; it recovers at the next start", error: error)
            }
        }
        let listening = ListeningState(
            expected: [self.configuration.https, self.configuration.http].compactMap(\.self).count,
            announcement: Announcement(
                configuration: self.configuration,
                fingerprint: Array(
                    SHA256.hash(data: try installation.defaultAuthority.issuer.certificate.encoded)
                ),
                secrets: installation.secrets
            ),
            logger: self.logger
        )
        do {
            try await self.serve(installation, listening, at: now)
        } catch {
            // What a first run made is recorded by now; unsaid, it would be known to nobody.
            listening.showInAnyCase(self.intendedListeners)
            throw (error as? IOError).map(self.startupError) ?? error
        }
        self.logger.notice("stopped")
    }

    private func serve(_ installation: OpenedInstallation, _ listening: ListeningState, at now: Date) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: try await self.services(installation, listening, at: now).map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "ucm.lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await group.run()
    }

    /// What would listen if everything went well.
    private var intendedListeners: [Listener] {
        let addresses: [(Listener.Scheme, ListenAddress?)] = [
            (.https, self.configuration.https), (.http, self.configuration.http),
        ]
        return addresses.compactMap { scheme, address in
            address.map {
                Listener(scheme: scheme, host: HostNames.preferred(self.configuration, for: $0), port: $0.port)
            }
        }
    }

    /// The listeners and what runs beside them.
    private func services(
        _ installation: OpenedInstallation,
        _ listening: ListeningState,
        at now: Date
    ) async throws -> [any Service] {
        let http1 = HTTPServerBuilder.http1(
            configuration: .init(additionalChannelHandlers: [RequestDeadline()], idleTimeout: .seconds(60))
        )
        // They end in the order from the last to the first: when nothing is answered any more, the rest is written down.
        var services: [any Service] = [
            installation.exchanges,
            Maintenance(configuration: installation.configuration, logger: self.logger),
        ]
        if let address = self.configuration.https {
            let certificate: ServerCertificate
            if let files = self.configuration.tlsFiles {
                certificate = try ServerCertificate(certificateFile: files.certificate, keyFile: files.key)
            } else {
                certificate = try await ServerCertificate(
                    installation,
                    names: HostNames.all(self.configuration),
                    at: now
                )
                services.append(ServerCertificateRenewal(certificate: certificate, logger: self.logger))
            }
            do {
                let tls = try HTTPServerBuilder.tls(http1, tlsConfiguration: certificate.configuration())
                services.append(self.listener(.https, address, installation, server: tls, listening))
            } catch {
                throw StartupError("the TLS certificate and its key do not work together: \(error)")
            }
        }
        if let address = self.configuration.http {
            services.append(self.listener(.http, address, installation, server: http1, listening))
        }
        if let address = self.configuration.metrics {
            services.append(self.metricsListener(address, installation, server: http1))
        }
        return services
    }

    /// The listener that whoever watches the server reads from.
    private func metricsListener(
        _ address: ListenAddress,
        _ installation: OpenedInstallation,
        server: HTTPServerBuilder
    ) -> any Service {
        Application(
            responder: installation.metricsRouter().buildResponder(),
            server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? address.port
                self.logger.notice("metrics", metadata: ["url": "http://\(address.host):\(port)/metrics"])
            },
            logger: Self.logger(self.configuration.logFormat, level: .error)
        )
    }

    private func listener(
        _ scheme: Listener.Scheme,
        _ address: ListenAddress,
        _ installation: OpenedInstallation,
        server: HTTPServerBuilder,
        _ listening: ListeningState
    ) -> any Service {
        Application(
            responder: installation.router(logger: self.logger, on: scheme).buildResponder(),
            server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                serverName: nil,
                backlog: 1024
            ),
            onServerRunning: { channel in
                listening.add(
                    Listener(
                        scheme: scheme,
                        host: HostNames.preferred(self.configuration, for: address),
                        port: channel.localAddress?.port ?? address.port
                    )
                )
            },
            logger: Self.logger(self.configuration.logFormat, level: .error)
        )
    }

    private func startupError(_ error: IOError) -> StartupError {
        let addresses = [self.configuration.https, self.configuration.http, self.configuration.metrics]
            .compactMap(\.self)
            .map { "\($0.host):\($0.port)" }.joined(separator: " or ")
        let what =
            switch error.errnoCode {
            case EADDRINUSE: "is in use by another program: choose another port with --https, --http or --metrics"
            case EACCES: "may not be listened on: ports below 1024 need CAP_NET_BIND_SERVICE"
            default: "cannot be listened on: \(error)"
            }
        return StartupError("\(addresses) \(what)")
    }
}
