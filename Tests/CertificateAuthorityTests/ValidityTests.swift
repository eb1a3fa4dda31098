import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("The validity of a certificate")
struct ValidityTests {
    private static let day: TimeInterval = 86_400
    private static let year = 365 * day
    /// A CA's whole life.
    private static let life = 3650 * day

    let subject: [UInt8]

    init() throws {
        self.subject = try TestClient.encoded("CN=device.example")
    }

    @Test("begins five minutes back and ends after 365 days")
    func usual() throws {
        let issuer = try TestIssuer.make(age: 10 * Self.day)
        let issued = try issuer.issue(subject: self.subject)
        let certificate = try Certificate(derEncoded: issued.encoded)
        #expect(certificate.notValidBefore == TestIssuer.now.addingTimeInterval(-300))
        #expect(certificate.notValidAfter == TestIssuer.now.addingTimeInterval(Self.year))
        #expect(issued.notBefore == certificate.notValidBefore)
        #expect(issued.notAfter == certificate.notValidAfter)
    }

    @Test("does not begin before the CA's", arguments: [0.0, 60, 299])
    func notBeforeTheAuthority(age: TimeInterval) throws {
        // The CA's own certificate is backdated too, so the clock is set back to before it was made.
        let issuer = try TestIssuer.make()
        let start = try Certificate(derEncoded: issuer.certificate.encoded).notValidBefore
        let issued = try issuer.issue(subject: self.subject, at: start.addingTimeInterval(age))
        #expect(try Certificate(derEncoded: issued.encoded).notValidBefore == start)
    }

    @Test("does not end after the CA's", arguments: [1.0, 30 * day, year - 1])
    func notAfterTheAuthority(left: TimeInterval) throws {
        let issuer = try TestIssuer.make(age: Self.life - left)
        let end = try Certificate(derEncoded: issuer.certificate.encoded).notValidAfter
        let issued = try issuer.issue(subject: self.subject)
        #expect(try Certificate(derEncoded: issued.encoded).notValidAfter == end)
        #expect(end == TestIssuer.now.addingTimeInterval(left))
    }

    @Test("cannot begin once the CA's has ended", arguments: [0.0, 1, year])
    func expiredAuthority(since: TimeInterval) throws {
        let issuer = try TestIssuer.make(age: Self.life + since)
        #expect(try issuer.refusal(subject: self.subject) == .authorityExpired)
    }

    @Test("is the template's", arguments: [1, 90, 730])
    func template(days: Int) throws {
        var template = CertificateTemplate.default
        template.validityDays = days
        let issued = try TestIssuer.make().issue(subject: self.subject, template: template)
        let end = try Certificate(derEncoded: issued.encoded).notValidAfter
        #expect(end == TestIssuer.now.addingTimeInterval(Double(days) * Self.day))
    }

    @Test("can be shortened by whoever approves it", arguments: [1, 30, 365])
    func shortened(days: Int) throws {
        let issued = try TestIssuer.make().issue(subject: self.subject, validityDays: days)
        #expect(issued.notAfter == TestIssuer.now.addingTimeInterval(Double(days) * Self.day))
    }

    @Test("cannot be made longer than the template's, nor nothing", arguments: [366, 0, -1, Int.max, Int.min])
    func notLengthened(days: Int) {
        let error = #expect(throws: IssuanceError.self) {
            try TestIssuer.make().issue(subject: self.subject, validityDays: days)
        }
        #expect(error?.code == .validity)
    }

    @Test("is written so that years from 2050 are read right (RFC 5280 §4.1.2.5)")
    func beyond2049() throws {
        // 2049-06-01
        let late = Date(timeIntervalSince1970: 2_506_118_400)
        let issuer = try TestIssuer.make(age: TestIssuer.now.timeIntervalSince(late))
        let issued = try issuer.issue(subject: self.subject, at: late)
        #expect(try Certificate(derEncoded: issued.encoded).notValidAfter == late.addingTimeInterval(Self.year))
    }
}
