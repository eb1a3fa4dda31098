import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Logging
import NIOCore
import NIOSSL
import Registry
import ServiceLifecycle
import SwiftASN1
import Synchronization
import X509

/// The certificate that the HTTPS listener shows: renewed while it runs, or the administrator's own.
final class ServerCertificate: Sendable {
    private struct Current: Sendable {
        var chain: [NIOSSLCertificateSource]
        var key: NIOSSLPrivateKeySource
        /// When to renew; nil for a certificate that is not ours to renew.
        var renewal: Date?
    }

    private let current: Mutex<Current>
    private let renew: (@Sendable (Date) async throws -> Current)?

    /// Takes the administrator's own certificate and key.
    init(certificateFile: String, keyFile: String) throws(StartupError) {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificateFile)
        } catch {
            throw StartupError("the file \(certificateFile) of --tls-cert holds no PEM certificate: \(error)")
        }
        do {
            let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
            self.current = Mutex(Current(chain: chain.map { .certificate($0) }, key: .privateKey(key)))
        } catch {
            throw StartupError("the file \(keyFile) of --tls-key holds no PEM private key: \(error)")
        }
        self.renew = nil
        do {
            _ = try NIOSSLContext(configuration: self.configuration())
        } catch {
            throw StartupError("the key in \(keyFile) is not the one of the certificate in \(certificateFile)")
        }
    }

    /// Takes the certificate that the own CA has issued for these names, and issues one where there is none, or one
    /// for other names, or one that ends soon.
    init(_ installation: OpenedInstallation, names: [String], at now: Date) async throws {
        let (registry, masterKey) = (installation.registry, installation.masterKey)
        let renew: @Sendable (Date) async throws -> Current = { now in
            // The CAs as they are at that time: a rollover may come between.
            let (authority, made) = try Self.issue(
                installation.configuration.current.authorities, masterKey, names, now)
            try await registry.insert(made.key, certificate: made.certificate, authority: authority.id, at: now)
            return try Self.open(made.key, issuing: authority.chain, masterKey: masterKey)
        }
        if let current = try await Self.stored(installation, names: names, at: now) {
            self.current = Mutex(current)
        } else {
            self.current = Mutex(try await renew(now))
        }
        self.renew = renew
    }

    /// Issues a certificate by the default CA, or, where that may not (for its name constraints or purposes, or because it
    /// has ended), by another one: who administers has to reach the server to mend it.
    private static func issue(
        _ authorities: LoadedAuthorities,
        _ masterKey: MasterKey,
        _ names: [String],
        _ now: Date
    ) throws -> (IssuingAuthority, made: (key: ServiceKey, certificate: NewCertificate)) {
        var failure: any Error = StartupError("there is no CA that could issue the server's TLS certificate")
        for authority in authorities.inOrderOfPreference {
            do {
                let own = OwnCertificates(issuer: authority.issuer, masterKey: masterKey)
                return (authority, try own.server(names: names, at: now))
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// The certificate that is there already, of whichever CA is preferred most; nil where none is for these names, or it
    /// has to be renewed.
    private static func stored(_ installation: OpenedInstallation, names: [String], at now: Date) async throws
        -> Current?
    {
        let wanted = Set(names.map { IPAddress($0)?.description ?? $0 })
        let keys = try await installation.registry.serviceKeys(.server)
        for authority in installation.configuration.current.authorities.inOrderOfPreference {
            guard let stored = keys[authority.id]?.first, try Self.names(in: stored.certificate) == wanted else {
                continue
            }
            let current = try Self.open(stored, issuing: authority.chain, masterKey: installation.masterKey)
            if let renewal = current.renewal, renewal > now { return current }
        }
        return nil
    }

    private static func open(_ key: ServiceKey, issuing: [[UInt8]], masterKey: MasterKey) throws -> Current {
        let privateKey = try masterKey.key(of: key).pkcs8
        // Short of the template's validity where the CA itself ends sooner.
        let lifetime = key.notAfter.timeIntervalSince(try Certificate(derEncoded: key.certificate).notValidBefore)
        return Current(
            // The CA goes along, for clients that pin its fingerprint.
            chain: try ([key.certificate] + issuing).map {
                .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            },
            key: .privateKey(try NIOSSLPrivateKey(bytes: privateKey, format: .der)),
            renewal: key.notAfter.addingTimeInterval(-lifetime / 3)
        )
    }

    private static func names(in encoded: [UInt8]) throws -> Set<String> {
        let certificate = try Certificate(derEncoded: encoded)
        let names = try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([])
        return Set(
            names.compactMap { name in
                switch name {
                case .dnsName(let name): name
                case .ipAddress(let address): IPAddress(bytes: Array(address.bytes))?.description
                default: nil
                }
            }
        )
    }

    /// The listener's configuration: the certificate is asked for at each handshake, so a renewed one counts at once.
    ///
    /// A client certificate is never asked for: macOS and Windows break on it in the middle of SCEP.
    func configuration() -> TLSConfiguration {
        let (chain, key) = self.current.withLock { ($0.chain, $0.key) }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .none
        if self.renew != nil {
            configuration.sslContextCallback = { _, promise in
                var override = NIOSSLContextConfigurationOverride()
                (override.certificateChain, override.privateKey) = self.current.withLock { ($0.chain, $0.key) }
                promise.succeed(override)
            }
        }
        return configuration
    }

    /// Renews the certificate if it is time.
    ///
    /// - Returns: Whether it was.
    func renewIfDue(at now: Date) async throws -> Bool {
        guard let renew = self.renew, let renewal = self.current.withLock({ $0.renewal }), renewal <= now else {
            return false
        }
        let renewed = try await renew(now)
        self.current.withLock { $0 = renewed }
        return true
    }
}

/// Renews the HTTPS listener's certificate when a third of its life is left.
struct ServerCertificateRenewal: Service {
    let certificate: ServerCertificate
    let logger: Logger

    /// How often the date is looked at.
    static let interval = Duration.seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    if try await self.certificate.renewIfDue(at: Date()) {
                        self.logger.notice("TLS certificate renewed")
                    }
                } catch {
                    self.logger.error("TLS certificate not renewed; trying again in an hour", error: error)
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
