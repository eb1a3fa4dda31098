import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A CRL (RFC 5280 §5)")
struct RevocationListTests {
    static let now = TestIssuer.now
    static let week: TimeInterval = 7 * 86_400

    static func make(
        _ entries: [RevokedCertificate],
        number: Int64 = 1,
        algorithm: KeyAlgorithm = .p256,
        thisUpdate: Date = Self.now,
        nextUpdate: Date = Self.now.addingTimeInterval(Self.week)
    ) throws -> [UInt8] {
        try TestIssuer.make(algorithm)
            .revocationList(number: number, entries: entries, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
    }

    /// The entries of a CRL, taken apart.
    static func entries(_ encoded: [UInt8]) throws -> [ASN1Tree] {
        let list = try ASN1Tree(encoded)[0]
        return list.children.count == 7 ? list[5].children : []
    }

    static func entry(_ entry: RevokedCertificate) throws -> [UInt8] {
        try #require(try Self.entries(try Self.make([entry])).first).der
    }

    @Test("has version 2, the CA's name, its times, AKI and number")
    func fields() throws {
        let issuer = try TestIssuer.make()
        let list = try ASN1Tree(try Self.make([RevokedCertificate(serialNumber: [0x11], revokedAt: Self.now)]))
        #expect(list.children.count == 3)
        #expect(list[0].children.map(\.tag) == [0x02, 0x30, 0x30, 0x17, 0x17, 0x30, 0xa0])
        #expect(list[0, 0].octets == [1])
        #expect(list[0, 1] == list[1])
        #expect(list[0, 2].der == issuer.certificate.subject)
        #expect(list[0, 3].octets == Array("270115080000Z".utf8))
        #expect(list[0, 4].octets == Array("270122080000Z".utf8))
        let extensions = list[0, 6, 0].children
        #expect(extensions.map { $0[0].octets } == [[0x55, 0x1d, 0x23], [0x55, 0x1d, 0x14]])
        #expect(extensions.allSatisfy { $0.children.count == 2 }, "none is critical")
        let identifier = try #require(issuer.certificate.subjectKeyIdentifier)
        #expect(extensions[0][1].octets == [0x30, 0x16, 0x80, 0x14] + identifier)
        #expect(extensions[1][1].octets == [0x02, 0x01, 0x01])
    }

    @Test("of nothing has no revokedCertificates")
    func empty() throws {
        let list = try ASN1Tree(try Self.make([]))
        #expect(list[0].children.map(\.tag) == [0x02, 0x30, 0x30, 0x17, 0x17, 0xa0])
    }

    static let revoked = "17 0d 323730313135303830303030 5a"

    @Test(
        "has entries byte for byte",
        arguments: [
            (RevokedCertificate(serialNumber: [0x11], revokedAt: now), "30 12 02 01 11" + revoked),
            (
                RevokedCertificate(serialNumber: [0x00, 0x80], revokedAt: now, reason: .keyCompromise),
                "30 21 02 02 00 80" + revoked + "30 0c 30 0a 06 03 55 1d 15 04 03 0a 01 01"
            ),
            (
                RevokedCertificate(serialNumber: [0x11], revokedAt: now, reason: .aACompromise),
                "30 20 02 01 11" + revoked + "30 0c 30 0a 06 03 55 1d 15 04 03 0a 01 0a"
            ),
            (
                RevokedCertificate(serialNumber: [0x11], revokedAt: now, invalidityDate: now),
                "30 2e 02 01 11" + revoked
                    + "30 1a 30 18 06 03 55 1d 18 04 11 18 0f 3230 323730313135303830303030 5a"
            ),
            (
                RevokedCertificate(serialNumber: [0x11], revokedAt: now, reason: .superseded, invalidityDate: now),
                "30 3a 02 01 11" + revoked + "30 26 30 0a 06 03 55 1d 15 04 03 0a 01 04"
                    + "30 18 06 03 55 1d 18 04 11 18 0f 3230 323730313135303830303030 5a"
            ),
        ]
    )
    func encoding(entry: RevokedCertificate, expected: String) throws {
        #expect(try Self.entry(entry) == [UInt8](hex: expected))
    }

    @Test(
        "has UTCTime through 2049 and GeneralizedTime from 2050",
        arguments: [
            (0, "700101000000Z", "19700101000000Z"),
            (-1, "691231235959Z", "19691231235959Z"),
            (-631_152_000, "500101000000Z", "19500101000000Z"),
            (-631_152_001, "19491231235959Z", "19491231235959Z"),
            (951_782_399.9, "000228235959Z", "20000228235959Z"),
            (951_782_400, "000229000000Z", "20000229000000Z"),
            (2_524_607_999, "491231235959Z", "20491231235959Z"),
            (2_524_608_000, "20500101000000Z", "20500101000000Z"),
            (253_402_300_799, "99991231235959Z", "99991231235959Z"),
            (-62_135_596_800, "00010101000000Z", "00010101000000Z"),
        ] as [(TimeInterval, String, String)]
    )
    func times(seconds: TimeInterval, time: String, generalized: String) throws {
        let date = Date(timeIntervalSince1970: seconds)
        let entry = try ASN1Tree(
            try Self.entry(RevokedCertificate(serialNumber: [1], revokedAt: date, invalidityDate: date))
        )
        #expect(entry[1].tag == (time.count == 13 ? 0x17 : 0x18))
        #expect(String(decoding: entry[1].octets, as: UTF8.self) == time)
        #expect(try ASN1Tree(entry[2, 0, 1].octets) == ASN1Tree(tag: 0x18, octets: Array(generalized.utf8)))
    }

    /// Shown by their place: a date that is none has no description.
    static let impossible: [RevokedCertificate] = [
        RevokedCertificate(serialNumber: [], revokedAt: now),
        RevokedCertificate(serialNumber: [UInt8](repeating: 1, count: 65), revokedAt: now),
        RevokedCertificate(serialNumber: [1], revokedAt: Date(timeIntervalSince1970: 253_402_300_800)),
        RevokedCertificate(serialNumber: [1], revokedAt: Date(timeIntervalSince1970: -62_135_596_801)),
        RevokedCertificate(serialNumber: [1], revokedAt: Date(timeIntervalSince1970: .infinity)),
        RevokedCertificate(serialNumber: [1], revokedAt: Date(timeIntervalSince1970: .nan)),
        RevokedCertificate(serialNumber: [1], revokedAt: now, invalidityDate: Date(timeIntervalSince1970: 1e300)),
    ]

    @Test("has no entry that cannot be written", arguments: impossible.indices)
    func refusedEntries(index: Int) {
        let error = #expect(throws: IssuanceError.self) { try Self.make([Self.impossible[index]]) }
        #expect(error?.code == .revocationList)
    }

    @Test("is no CRL with a negative number, or one that ends before it begins")
    func refusedHeaders() {
        let negative = #expect(throws: IssuanceError.self) { try Self.make([], number: -1) }
        #expect(negative?.code == .revocationList)
        for next in [Self.now, Self.now.addingTimeInterval(-1), Date(timeIntervalSince1970: .infinity)] {
            let error = #expect(throws: IssuanceError.self) { try Self.make([], nextUpdate: next) }
            #expect(error?.code == .revocationList)
        }
    }

    @Test("has entries with the longest serial number whose lengths are one octet")
    func longSerialNumber() throws {
        let serial = [UInt8](repeating: 0x7f, count: 64)
        let late = Date(timeIntervalSince1970: 2_524_608_000)
        let entry = RevokedCertificate(
            serialNumber: serial, revokedAt: late, reason: .superseded, invalidityDate: late)
        let written = try ASN1Tree(try Self.entry(entry))
        #expect(written[0].octets == serial)
        #expect(written.children.count == 3)
    }

    @Test("is the same whether its entries came as a sequence or one by one, however many", arguments: [0, 1, 3, 700])
    func oneByOne(count: Int) throws {
        let entries = (0..<count).map { number in
            RevokedCertificate(
                serialNumber: Issuer.serialNumber(from: .random(count: 20)),
                revokedAt: Self.now.addingTimeInterval(Double(number) * -40_000),
                reason: RevocationReason.allCases[number % RevocationReason.allCases.count]
            )
        }
        var list = RevocationListEntries()
        for entry in entries { try list.append(entry) }
        #expect(list.count == count)
        // RSASSA-PKCS1-v1_5 gives the same signature each time.
        let issuer = try TestIssuer.make(.rsa2048)
        let next = Self.now.addingTimeInterval(Self.week)
        let byOne = try issuer.revocationList(number: 7, entries: list, thisUpdate: Self.now, nextUpdate: next)
        let atOnce = try issuer.revocationList(number: 7, entries: entries, thisUpdate: Self.now, nextUpdate: next)
        #expect(byOne == atOnce)
        #expect(list.count == count, "whoever keeps the entries can use them again")
        let written = try Self.entries(byOne)
        #expect(written.map { $0[0].octets } == entries.map(\.serialNumber))
    }
}
