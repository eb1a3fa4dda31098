import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry
import SCEP

/// A certificate with the name of its CA.
public struct CertificateDescription: Sendable {
    /// What is recorded of it.
    public var summary: CertificateSummary
    /// The name of the CA that issued it.
    public var authority: String
    /// Its serial number, in hexadecimal.
    public var serialNumber: String
}

/// A certificate with all that is in it.
public struct CertificateDetail: Sendable {
    /// What is recorded of it.
    public var description: CertificateDescription
    /// The certificate as DER.
    public var encoded: [UInt8]
    /// The CA's certificate and those above it.
    public var chain: [[UInt8]]
    /// What was decided on it, in the order in which it happened.
    public var events: [EventRecord]
}

/// Certificates that were issued.
extension Administration {
    /// Certificates, page by page.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - authority: The name of the CA that issued them; nil for all.
    ///   - now: The time.
    ///   - order: In which order.
    ///   - last: The last number of the page before; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: The certificates.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    public func certificates(
        _ filter: CertificateFilter,
        authority: String? = nil,
        at now: Date,
        order: ListOrder = .newestFirst,
        after last: Int64? = nil,
        limit: Int
    ) async throws -> [CertificateDescription] {
        let filter = try await self.completed(filter, authority: authority)
        let names = try await self.authorityNames()
        return try await self.registry.certificates(filter, at: now, order: order, after: last, limit: limit).map {
            summary in
            Self.describe(summary, names)
        }
    }

    /// Certificates, page by page, each of which takes a moment.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - authority: The name of the CA that issued them; nil for all.
    ///   - now: The time.
    ///   - order: In which order.
    ///   - last: The number behind which it goes on; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: The page.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    func certificatePage(
        _ filter: CertificateFilter,
        authority: String?,
        at now: Date,
        order: ListOrder,
        after last: Int64?,
        limit: Int
    ) async throws -> ListPage<CertificateDescription> {
        let filter = try await self.completed(filter, authority: authority)
        let names = try await self.authorityNames()
        return try await self.registry.certificatePage(filter, at: now, order: order, after: last, limit: limit).map {
            Self.describe($0, names)
        }
    }

    /// How many certificates there are.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - authority: The name of the CA that issued them; nil for all.
    ///   - now: The time.
    ///   - maximum: Where counting stops; nil for nowhere.
    /// - Returns: Their number, or where counting stopped.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    public func certificateCount(
        _ filter: CertificateFilter,
        authority: String? = nil,
        at now: Date,
        atMost maximum: Int? = nil
    ) async throws -> Int {
        try await self.registry.certificateCount(
            try await self.completed(filter, authority: authority), at: now, atMost: maximum)
    }

    /// A certificate with all that is in it.
    ///
    /// - Parameters:
    ///   - serialNumber: Its serial number in hexadecimal, with or without colons.
    ///   - authority: The name of the CA that issued it, where two have issued the same serial number.
    /// - Returns: The certificate.
    /// - Throws: ``AdministrationError`` where there is none.
    public func certificate(_ serialNumber: String, authority: String? = nil) async throws -> CertificateDetail {
        let record = try await self.certificateRecord(serialNumber, authority: authority)
        let loaded = try await self.registry.authorities()
        guard let issuer = loaded.first(where: { $0.id == record.authority }) else {
            throw AdministrationError("the certificate \(serialNumber) is of a CA that is not there")
        }
        return CertificateDetail(
            description: Self.describe(record.summary, [issuer.id: issuer.name]),
            encoded: record.certificate.encoded,
            chain: [issuer.certificate] + issuer.parents,
            events: try await self.registry.events(certificate: record.id)
        )
    }

    func certificateRecord(_ serialNumber: String, authority: String?) async throws -> CertificateRecord {
        let octets = try Self.serialNumber(serialNumber)
        var found = try await self.registry.certificates(serialNumber: octets)
        if let authority {
            let id = try await self.authorityRecord(authority).id
            found.removeAll { $0.authority != id }
        }
        guard found.count <= 1 else {
            throw AdministrationError(
                "several CAs have issued a certificate \(serialNumber): name the CA with --ca", .conflict)
        }
        guard let record = found.first else {
            throw AdministrationError(
                "there is no certificate with the serial number \(serialNumber): ucm certificate list shows all of them",
                .notFound
            )
        }
        return record
    }

    /// The content octets of a serial number that somebody has written, as OpenSSL, browsers or this program do.
    static func serialNumber(_ text: String) throws(AdministrationError) -> [UInt8] {
        var digits = text.lowercased().filter { $0 != ":" && $0 != " " }
        if digits.hasPrefix("0x") { digits.removeFirst(2) }
        let isHexadecimal = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isHexadecimal, (1...128).contains(digits.utf8.count) else {
            throw AdministrationError(
                "\"\(text)\" is no serial number: it is written in hexadecimal, as 3f:a0:… or 3fa0…")
        }
        if digits.count % 2 == 1 { digits = "0" + digits }
        var octets: [UInt8] = []
        var rest = Substring(digits)
        while !rest.isEmpty {
            octets.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        while octets.count > 1, octets[0] == 0 { octets.removeFirst() }
        // Positive, as all are (RFC 5280 §4.1.2.2), which takes a zero in front of a bit that is set.
        return octets[0] >= 0x80 ? [0] + octets : octets
    }

    private func completed(_ filter: CertificateFilter, authority: String?) async throws -> CertificateFilter {
        var filter = filter
        if let authority { filter.authority = try await self.authorityRecord(authority).id }
        return filter
    }

    private func authorityNames() async throws -> [Int64: String] {
        Dictionary(uniqueKeysWithValues: try await self.registry.authorities().map { ($0.id, $0.name) })
    }

    private static func describe(_ summary: CertificateSummary, _ names: [Int64: String]) -> CertificateDescription {
        CertificateDescription(
            summary: summary,
            authority: names[summary.authority] ?? "unknown",
            serialNumber: ReadableText.serialNumber(summary.serialNumber)
        )
    }
}
