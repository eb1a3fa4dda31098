public import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry
import SCEP
import SwiftASN1
import X509

/// A CA as an administrator sees it.
public struct AuthorityDescription: Sendable {
    /// Its number; older ones have smaller ones.
    public var id: Int64
    /// The name.
    public var name: String
    /// What stands for it in addresses: `/crl/<slug>.crl`.
    public var slug: String
    /// The subject of its certificate.
    public var subject: String
    /// Who issued its certificate; nil where it did so itself.
    public var issuer: String?
    /// The kind of its key.
    public var key: KeyAlgorithm?
    /// The serial number of its certificate, in hexadecimal.
    public var serialNumber: String
    /// The start of its certificate.
    public var notBefore: Date
    /// The end of its certificate.
    public var notAfter: Date
    /// SHA-256 of its certificate, in hexadecimal.
    public var fingerprint: String
    /// Whether it is meant where no CA is named.
    public var isDefault: Bool
    /// Since when it issues nothing any more; nil where it does.
    public var retiredAt: Date?
    /// Whether its certificate, or one above it, is revoked, so that it issues nothing.
    public var isRevoked: Bool
    /// The CA that follows, and when; nil while there is none.
    public var next: (name: String, switchAt: Date)?
    /// The profiles that it issues for.
    public var profiles: [String]
    /// The end of its RA's certificate; nil where it has none.
    public var registrationNotAfter: Date?
    /// The end of the certificate that signs its OCSP responses; nil where it has none.
    public var statusSignerNotAfter: Date?
    /// Its latest CRL; nil where it has none yet.
    public var revocationList: (number: Int64, thisUpdate: Date, nextUpdate: Date, isLatest: Bool, size: Int)?
    /// Its certificate and those above it.
    public var chain: [[UInt8]]
    /// What an administrator should know, in sentences.
    public var warnings: [String]
}

/// CAs.
extension Administration {
    /// All CAs, the oldest first.
    ///
    /// - Throws: ``KeyError`` or ``RegistryError``.
    public func authorityDescriptions(at now: Date = Date()) async throws -> [AuthorityDescription] {
        let loaded = try await self.authorities()
        let profiles = try await self.registry.profiles()
        let states = try await self.registry.revocationListStates()
        return try zip(loaded.records, loaded.all).map { record, authority in
            let certificate = authority.issuer.certificate
            let list = states[record.id]
            return AuthorityDescription(
                id: record.id,
                name: record.name,
                slug: loaded.slugs[record.id] ?? "",
                subject: ReadableText.name(certificate.subject),
                issuer: certificate.identifier.issuer == certificate.subject
                    ? nil : ReadableText.name(certificate.identifier.issuer),
                key: KeyAlgorithm(certificate.publicKey),
                serialNumber: ReadableText.serialNumber(certificate.identifier.serialNumber),
                notBefore: authority.issuer.notBefore,
                notAfter: authority.issuer.notAfter,
                fingerprint: SHA256.hash(data: record.certificate).hexadecimal,
                isDefault: record.isDefault,
                retiredAt: record.retiredAt,
                isRevoked: loaded.revoked.contains(record.id),
                next: record.rollover.flatMap { rollover in
                    loaded[rollover.successor].map { ($0.name, rollover.switchAt) }
                },
                profiles: profiles.filter { $0.authority == record.id }.map(\.name),
                registrationNotAfter: try authority.registrationKeys.first.map {
                    try Certificate(derEncoded: $0.certificate.encoded).notValidAfter
                },
                statusSignerNotAfter: loaded.statusSigners[record.id]?.first?.notAfter,
                revocationList: list.flatMap { state in
                    guard let thisUpdate = state.thisUpdate, let nextUpdate = state.nextUpdate else { return nil }
                    return (state.number, thisUpdate, nextUpdate, state.isLatest, state.size)
                },
                chain: authority.chain,
                warnings: (loaded.revoked.contains(record.id) ? [Self.revokedAuthority(record.name)] : [])
                    + loaded.endings(at: now).filter { $0.authority == record.name }.map(\.sentence)
                    + loaded.namesakes(of: authority)
            )
        }
    }

    /// A CA.
    ///
    /// - Parameter name: Its name; nil for the default CA.
    /// - Returns: The CA.
    /// - Throws: ``AdministrationError`` where there is none of that name.
    public func authorityDescription(_ name: String?) async throws -> AuthorityDescription {
        let all = try await self.authorityDescriptions()
        guard let name else {
            guard let standard = all.first(where: \.isDefault) else { throw Self.noDefaultAuthority }
            return standard
        }
        // One may be called what stands for another one in addresses.
        guard let found = all.first(where: { $0.name == name }) ?? all.first(where: { $0.slug == name }) else {
            throw Self.unknownAuthority(name)
        }
        return found
    }

    /// The latest CRL of a CA, as DER.
    ///
    /// - Parameter name: The CA's name; nil for the default one.
    /// - Returns: The CRL.
    /// - Throws: ``AdministrationError`` where there is none.
    public func revocationList(of name: String?) async throws -> [UInt8] {
        let authority = try await self.authorityRecord(try await self.authorityDescription(name).name)
        guard let list = try await self.registry.revocationList(authority: authority.id) else {
            throw AdministrationError("the CA \(authority.name) has no CRL yet: a running server makes it", .notFound)
        }
        return list.encoded
    }

    /// Lets a CA issue nothing more; it goes on saying what is revoked.
    ///
    /// - Throws: ``AdministrationError`` where it is still needed.
    public func retireAuthority(_ name: String, by decider: Decider, at now: Date) async throws {
        let record = try await self.authorityRecord(name)
        switch try await self.registry.retire(authority: record.id, by: decider, at: now) {
        case .retired: return
        case .alreadyRetired: throw AdministrationError("the CA \(record.name) is retired already", .conflict)
        case .unknown: throw Self.unknownAuthority(name)
        case .isDefault:
            throw AdministrationError(
                "the CA \(record.name) is the default one: make another one that with ucm ca default NAME first",
                .conflict
            )
        case .inUse(let profiles):
            throw AdministrationError(
                "the CA \(record.name) issues for the profiles \(profiles.joined(separator: ", ")): give them another one with "
                    + "ucm profile set --ca or ucm ca rollover first", .conflict
            )
        case .hasSuccessorPending, .isSuccessorPending:
            throw AdministrationError(
                "the CA \(record.name) is part of a rollover that has not happened yet: ucm ca list shows when it will",
                .conflict
            )
        }
    }

    /// Lets a retired CA issue again.
    ///
    /// - Throws: ``AdministrationError`` where it is not retired.
    public func reinstateAuthority(_ name: String, by decider: Decider, at now: Date) async throws {
        let record = try await self.authorityRecord(name)
        guard try await self.registry.reinstate(authority: record.id, by: decider, at: now) else {
            throw AdministrationError("the CA \(record.name) is not retired", .conflict)
        }
    }

    /// Makes a CA the one that is meant where none is named.
    ///
    /// - Throws: ``AdministrationError`` where it is retired.
    public func setDefaultAuthority(_ name: String, by decider: Decider, at now: Date) async throws {
        let record = try await self.authorityRecord(name)
        switch try await self.registry.setDefault(authority: record.id, by: decider, at: now) {
        case .changed, .unchanged: return
        case .unknown: throw Self.unknownAuthority(name)
        case .isRetired:
            throw AdministrationError("the CA \(record.name) is retired: ucm ca reinstate lets it issue again")
        case .hasBeenFollowed:
            throw AdministrationError("the CA \(record.name) has handed over to another one: make that one the default")
        }
    }

    func authorityRecord(_ name: String) async throws -> AuthorityRecord {
        let records = try await self.registry.authorities()
        let slugs = AuthoritySlug.all(records)
        guard let record = records.first(where: { $0.name == name }) ?? records.first(where: { slugs[$0.id] == name })
        else { throw Self.unknownAuthority(name) }
        return record
    }

    /// The CA of a name, or the default one, which can issue now.
    func issuingAuthority(_ name: String?, in loaded: LoadedAuthorities) throws(AdministrationError) -> IssuingAuthority
    {
        let found =
            name.map { name in
                loaded.all.first { $0.name == name } ?? loaded.all.first { loaded.slugs[$0.id] == name }
            } ?? loaded.standard
        guard let found else { throw name.map(Self.unknownAuthority) ?? Self.noDefaultAuthority }
        guard !loaded.revoked.contains(found.id) else { throw AdministrationError(Self.revokedAuthority(found.name)) }
        guard !found.isRetired else {
            throw AdministrationError("the CA \(found.name) is retired: ucm ca reinstate lets it issue again")
        }
        return found
    }

    private static func revokedAuthority(_ name: String) -> String {
        "the certificate of the CA \(name), or of a CA above it, is revoked, so it issues nothing: take another CA"
    }

    static func unknownAuthority(_ name: String) -> AdministrationError {
        AdministrationError("there is no CA \(name): ucm ca list shows all of them", .notFound)
    }

    private static let noDefaultAuthority = AdministrationError("there is no default CA: name one with --ca", .notFound)
}
