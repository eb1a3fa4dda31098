public import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Enrollment
public import Foundation
import Registry
import SCEP
import SwiftASN1
import X509

/// A CA as an administrator sees it.
public struct AuthorityDescription: Sendable {
    /// The name.
    public var name: String
    /// The end of its certificate.
    public var notAfter: Date
    /// SHA-256 of its certificate, in hexadecimal.
    public var fingerprint: String
    /// The CA that follows, and when; nil while there is none.
    public var next: (name: String, switchAt: Date)?
    /// The profiles that it issues for.
    public var profiles: [String]
    /// The end of its RA's certificate; nil where it has none.
    public var registrationNotAfter: Date?
}

/// CAs and their succession.
extension Administration {
    /// All CAs, the oldest first.
    ///
    /// - Throws: ``KeyError`` or ``RegistryError``.
    public func authorityDescriptions() async throws -> [AuthorityDescription] {
        let loaded = try await self.authorities()
        let profiles = try await self.registry.profiles()
        return try zip(loaded.records, loaded.all).map { record, authority in
            AuthorityDescription(
                name: record.name,
                notAfter: authority.issuer.notAfter,
                fingerprint: SHA256.hash(data: record.certificate).hexadecimal,
                next: record.rollover.flatMap { rollover in
                    loaded[rollover.successor].map { ($0.name, rollover.switchAt) }
                },
                profiles: profiles.filter { $0.authority == record.id }.map(\.name),
                registrationNotAfter: try authority.registrationKeys.first.map {
                    try Certificate(derEncoded: $0.certificate.encoded).notValidAfter
                }
            )
        }
    }

    /// Makes the CA that follows another one (RFC 8894 §5.1).
    ///
    /// From now on GetNextCACert serves it and requests that are encrypted for it are issued by it; at the given time
    /// all profiles of the old CA change over.
    ///
    /// - Parameters:
    ///   - name: The CA that is to be followed; nil where there is only one without a successor.
    ///   - successor: The next CA's name; nil for the old one's with its generation behind it.
    ///   - algorithm: Its kind of key; nil for the old one's.
    ///   - switchAt: When everybody changes over.
    ///   - now: The time.
    /// - Returns: The next CA's name.
    /// - Throws: ``AdministrationError`` that says what cannot be.
    public func rollover(
        _ name: String?,
        successor: String?,
        algorithm: KeyAlgorithm?,
        switchAt: Date,
        at now: Date
    ) async throws -> String {
        let loaded = try await self.authorities()
        let (record, authority) = try Self.authority(name, among: loaded) { $0.rollover == nil }
        guard record.rollover == nil else {
            throw AdministrationError("the CA \(record.name) has a successor already: ucm ca list shows it")
        }
        if let predecessor = loaded.records.first(where: { $0.rollover?.successor == record.id }),
            let rollover = predecessor.rollover, rollover.switchAt > now
        {
            throw AdministrationError(
                "the CA \(record.name) has not taken over from \(predecessor.name) yet: it will on "
                    + rollover.switchAt.formatted(.iso8601)
            )
        }
        try Self.check(switchAt, at: now)
        guard switchAt < authority.issuer.notAfter else {
            throw AdministrationError(
                "the CA \(record.name) ends on \(authority.issuer.notAfter.formatted(.iso8601)), before the switch"
            )
        }
        guard let key = loaded.keys[record.id], let kind = algorithm ?? KeyAlgorithm(key.publicKey) else {
            throw AdministrationError("name the kind of key with --key")
        }
        let profiles = try await self.registry.profiles().filter { $0.authority == record.id }
        guard try kind.isRSA || !profiles.contains(where: { try Profile(record: $0).settings.letsAuthorityAnswer })
        else {
            throw AdministrationError("a profile lets the CA answer itself, which needs an RSA key: use --key rsa3072")
        }
        let next = successor ?? Self.nextGeneration(of: record.name)
        try AuthorityName.check(next)
        let made = try self.makeNextAuthority(
            named: next,
            key: try SoftwareKey.generate(kind),
            answersSCEP: authority.ownKey != nil,
            signedBy: (authority, key),
            at: now
        )
        guard
            try await self.registry.insert(
                made.authority,
                serviceKey: made.registration,
                following: record.id,
                switchAt: switchAt,
                answers: made.answers,
                at: now
            ) != nil
        else { throw AdministrationError("there is a CA \(next) already: choose another name with --next-name") }
        return next
    }

    /// Sets another time for a rollover that has not happened yet.
    ///
    /// - Parameters:
    ///   - name: The CA that is followed; nil where there is only one with a successor.
    ///   - date: When everybody changes over.
    ///   - now: The time.
    /// - Throws: ``AdministrationError``.
    public func rescheduleRollover(_ name: String?, to date: Date, at now: Date) async throws {
        try Self.check(date, at: now)
        let loaded = try await self.authorities()
        let profiles = try await self.registry.profiles()
        let (record, authority) = try Self.authority(name, among: loaded) { record in
            record.rollover != nil && profiles.contains { $0.authority == record.id }
        }
        guard date < authority.issuer.notAfter else {
            throw AdministrationError(
                "the CA \(record.name) ends on \(authority.issuer.notAfter.formatted(.iso8601)), before the switch"
            )
        }
        guard try await self.registry.reschedule(rolloverOf: record.id, to: date) else {
            throw AdministrationError(
                "the CA \(record.name) has no rollover that could be rescheduled: ucm ca rollover makes one"
            )
        }
    }

    /// A time in the past is a slip of the pen; a minute is for whoever types slowly.
    private static func check(_ switchAt: Date, at now: Date) throws(AdministrationError) {
        guard switchAt >= now.addingTimeInterval(-60) else {
            throw AdministrationError("\(switchAt.formatted(.iso8601)) is in the past: --in 0s means at once")
        }
    }

    private static func authority(
        _ name: String?,
        among loaded: LoadedAuthorities,
        where isMeant: (AuthorityRecord) -> Bool
    ) throws(AdministrationError) -> (AuthorityRecord, IssuingAuthority) {
        if let name {
            guard let found = loaded.named(name) else {
                throw AdministrationError("there is no CA \(name): ucm ca list shows all of them")
            }
            return found
        }
        let candidates = loaded.records.filter(isMeant)
        guard candidates.count == 1, let found = candidates.first.flatMap({ loaded.named($0.name) }) else {
            throw AdministrationError(
                candidates.isEmpty
                    ? "there is no CA that could be meant: ucm ca list shows all of them"
                    : "name the CA with --ca: \(candidates.map(\.name).joined(separator: ", "))"
            )
        }
        return found
    }

    /// "UCM CA" is followed by "UCM CA G2", and that one by "UCM CA G3".
    static func nextGeneration(of name: String) -> String {
        if let space = name.lastIndex(of: " "), name[space...].hasPrefix(" G"),
            let generation = Int(name[space...].dropFirst(2)), (2..<1000).contains(generation)
        {
            return "\(name[..<space]) G\(generation + 1)"
        }
        return "\(name) G2"
    }

    private struct NextAuthority {
        var authority: NewAuthority
        var registration: (key: ServiceKey, certificate: NewCertificate)
        var answers: RolloverAnswers
    }

    private func makeNextAuthority(
        named name: String,
        key: SoftwareKey,
        answersSCEP: Bool,
        signedBy current: (authority: IssuingAuthority, key: SoftwareKey),
        at now: Date
    ) throws -> NextAuthority {
        let certificate = try RootAuthority.make(
            terms: AuthorityTerms(
                subject: try RootAuthority.commonName(name),
                answersSCEP: answersSCEP
            ),
            key: key,
            serialNumber: Issuer.serialNumber(from: .random(count: 20)),
            now: now
        )
        let issuer = try Issuer(certificate: certificate, key: key)
        let registration = try OwnCertificates(issuer: issuer, masterKey: self.masterKey)
            .registrationAuthority(named: "\(name) RA", at: now)
        return NextAuthority(
            authority: NewAuthority(
                name: name,
                certificate: certificate,
                sealedKey: try self.masterKey.seal(key.pkcs8, for: SealPurpose.authority(name))
            ),
            registration: registration,
            answers: try RolloverAnswers(
                authority: certificate,
                registration: registration.key.certificate,
                signedBy: current.authority,
                key: current.key
            )
        )
    }
}
