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
        /// The CA that issued it, and its serial number; nil for a certificate that is not ours.
        var identity: (authority: Int64, serialNumber: [UInt8])?
    }

    private let current: Mutex<Current>
    private let renew: (@Sendable (Date) async throws -> Current)?
    private let isRevoked: @Sendable (Current) async throws -> Bool

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
        self.isRevoked = { _ in false }
        do {
            _ = try NIOSSLContext(configuration: self.configuration())
        } catch {
            throw StartupError("the key in \(keyFile) is not the one of the certificate in \(certificateFile)")
        }
    }

    /// Takes the certificate that the own CA has issued for these names, and issues one where there is none, or one
    /// for other names, or one that ends soon.
    init(_ installation: OpenedInstallation, names: [String], at now: Date) async throws {
        // The CAs as they are at that time: a rollover may come between.
        let renew: @Sendable (Date) async throws -> Current = { now in
            try await Self.issue(installation, names: names, at: now, keepingStored: false)
        }
        self.current = Mutex(try await Self.issue(installation, names: names, at: now, keepingStored: true))
        self.isRevoked = { try await Self.isRevoked($0, in: installation.registry) }
        self.renew = renew
    }

    /// Issues a certificate by the default CA, or, where that may not (for its name constraints or purposes, or because it
    /// has ended), by another one: who administers has to reach the server to mend it.
    private static func issue(
        _ installation: OpenedInstallation,
        names: [String],
        at now: Date,
        keepingStored mayKeep: Bool
    ) async throws -> Current {
        var failure: any Error = StartupError("there is no CA that could issue the server's TLS certificate")
        for authority in installation.configuration.current.authorities.inOrderOfPreference {
            if mayKeep, let current = try await Self.stored(installation, authority, names: names, at: now) {
                return current
            }
            do {
                let own = OwnCertificates(issuer: authority.issuer, masterKey: installation.masterKey)
                let (key, certificate) = try own.server(names: names, at: now)
                try await installation.registry.insert(key, certificate: certificate, authority: authority.id, at: now)
                return try Self.open(key, issuing: authority, masterKey: installation.masterKey)
            } catch let error as IssuanceError {
                failure = error
            }
        }
        throw failure
    }

    /// The certificate that a CA has issued already; nil where it is for other names, has to be renewed, or is revoked.
    private static func stored(
        _ installation: OpenedInstallation,
        _ authority: IssuingAuthority,
        names: [String],
        at now: Date
    ) async throws -> Current? {
        let wanted = Set(names.map { IPAddress($0)?.description ?? $0 })
        guard let stored = try await installation.registry.serviceKeys(.server, authority: authority.id).first,
            try Self.names(in: stored.certificate) == wanted
        else { return nil }
        let current = try Self.open(stored, issuing: authority, masterKey: installation.masterKey)
        guard let renewal = current.renewal, renewal > now,
            try await !Self.isRevoked(current, in: installation.registry)
        else { return nil }
        return current
    }

    private static func isRevoked(_ current: Current, in registry: Registry) async throws -> Bool {
        guard let (authority, serialNumber) = current.identity else { return false }
        let status = try await registry.certificateStatus(serialNumber: serialNumber, authority: authority)
        if case .revoked = status { return true }
        return false
    }

    private static func open(
        _ key: ServiceKey,
        issuing authority: IssuingAuthority,
        masterKey: MasterKey
    ) throws -> Current {
        let privateKey = try masterKey.key(of: key).pkcs8
        // Short of the template's validity where the CA itself ends sooner.
        let lifetime = key.notAfter.timeIntervalSince(try Certificate(derEncoded: key.certificate).notValidBefore)
        return Current(
            // The CA goes along, for clients that pin its fingerprint.
            chain: try ([key.certificate] + authority.chain).map {
                .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            },
            key: .privateKey(try NIOSSLPrivateKey(bytes: privateKey, format: .der)),
            renewal: key.notAfter.addingTimeInterval(-lifetime / 3),
            identity: (
                authority.id, try SignerCertificate(encoded: key.certificate).identifier.serialNumber
            )
        )
    }

    static func names(in encoded: [UInt8]) throws -> Set<String> {
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

    /// Renews the certificate if it is time, or if somebody has revoked it.
    ///
    /// - Returns: Whether it was.
    func renewIfDue(at now: Date) async throws -> Bool {
        let current = self.current.withLock { $0 }
        guard let renew = self.renew, let renewal = current.renewal else { return false }
        if renewal > now, try await !self.isRevoked(current) { return false }
        let renewed = try await renew(now)
        self.current.withLock { $0 = renewed }
        return true
    }
}

/// Renews the HTTPS listener's certificate when a third of its life is left, or when it is revoked.
struct ServerCertificateRenewal: Service {
    let certificate: ServerCertificate
    let logger: Logger

    /// How often it is looked at.
    static let interval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    if try await self.certificate.renewIfDue(at: Date()) {
                        self.logger.notice("TLS certificate renewed")
                    }
                } catch {
                    self.logger.error("TLS certificate not renewed; trying again in a minute", error: error)
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
