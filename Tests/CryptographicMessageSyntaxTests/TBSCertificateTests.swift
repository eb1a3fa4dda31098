import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CryptographicMessageSyntax

/// What we write is read by another implementation.
@Suite struct TBSCertificateTests {
    private static func certificate(notBefore: Date, notAfter: Date) throws -> [UInt8] {
        let device = try Examples.device.get()
        return try SelfSignedCertificate.make(
            subject: device.subject,
            publicKey: device.certificate.publicKey,
            key: device.key,
            serialNumber: [0x0a, 0xbc],
            notBefore: notBefore,
            notAfter: notAfter
        ).encoded
    }

    @Test func `a certificate of ours is one for swift-certificates`() throws {
        let notBefore = Date(timeIntervalSince1970: 1_700_000_000)
        let notAfter = Date(timeIntervalSince1970: 1_800_000_000)
        let bytes = try Self.certificate(notBefore: notBefore, notAfter: notAfter)
        let certificate = try Certificate(derEncoded: bytes)
        #expect(certificate.subject == certificate.issuer)
        #expect(certificate.serialNumber == Certificate.SerialNumber(bytes: [0x0a, 0xbc]))
        #expect(certificate.notValidBefore == notBefore)
        #expect(certificate.notValidAfter == notAfter)
        #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        let usage = try #require(try certificate.extensions.keyUsage)
        #expect(usage == KeyUsage(digitalSignature: true, keyEncipherment: true))
        var coder = DERWriter()
        try coder.serialize(certificate)
        #expect(coder.serializedBytes == bytes)
    }

    @Test(arguments: [
        ("1949-12-31T23:59:59Z", "18 0f", "19491231235959Z"),
        ("1950-01-01T00:00:00Z", "17 0d", "500101000000Z"),
        ("1969-12-31T23:59:59Z", "17 0d", "691231235959Z"),
        ("1970-01-01T00:00:00Z", "17 0d", "700101000000Z"),
        ("1999-12-31T23:59:59Z", "17 0d", "991231235959Z"),
        ("2000-02-29T12:34:56Z", "17 0d", "000229123456Z"),
        ("2023-03-01T00:00:00Z", "17 0d", "230301000000Z"),
        ("2024-02-28T23:59:59Z", "17 0d", "240228235959Z"),
        ("2024-02-29T00:00:00Z", "17 0d", "240229000000Z"),
        ("2024-03-01T00:00:00Z", "17 0d", "240301000000Z"),
        ("2024-12-31T23:59:59Z", "17 0d", "241231235959Z"),
        ("2049-12-31T23:59:59Z", "17 0d", "491231235959Z"),
        ("2050-01-01T00:00:00Z", "18 0f", "20500101000000Z"),
        ("2100-02-28T23:59:59Z", "18 0f", "21000228235959Z"),
        ("2100-03-01T00:00:00Z", "18 0f", "21000301000000Z"),
        ("2400-02-29T00:00:00Z", "18 0f", "24000229000000Z"),
        ("9999-12-31T23:59:59Z", "18 0f", "99991231235959Z"),
    ])
    func `a time is written as RFC 5280 wants it`(time: String, header: String, written: String) throws {
        let date = try Date(time, strategy: .iso8601)
        let bytes = DERWriter.encode { $0.appendTime(date) }
        #expect(bytes == [UInt8](hex: header) + Array(written.utf8))
        #expect(DERWriter.encode { $0.appendTime(date.addingTimeInterval(0.999)) } == bytes)
        let certificate = try Certificate(derEncoded: try Self.certificate(notBefore: date, notAfter: date))
        #expect(certificate.notValidBefore == date)
        #expect(certificate.notValidAfter == date)
    }

    /// Each day of four centuries, after which the calendar repeats itself, against Foundation's calendar.
    @Test func `every day is the calendar's`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        func two(_ number: Int?) -> String { "\((number ?? 0) + 100)".suffix(2).description }
        for day in stride(from: -7_305, to: 146_097 - 7_305, by: 1) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 3_661)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let year = parts.year ?? 0
            let digits = (1950..<2050).contains(year) ? two(year % 100) : "\(year)"
            let expected = digits + two(parts.month) + two(parts.day) + "010101Z"
            let written = DERWriter.encode { $0.appendTime(date) }.dropFirst(2)
            if !written.elementsEqual(expected.utf8) {
                Issue.record("day \(day): \(String(decoding: written, as: UTF8.self)), not \(expected)")
                break
            }
        }
    }
}
