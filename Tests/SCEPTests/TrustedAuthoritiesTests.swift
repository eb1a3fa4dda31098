import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import SCEP

/// GetCACert's certificates are believed only as far as the known CA reaches.
@Suite struct TrustedAuthoritiesTests {
    private static let authority = TestPKI.authority
    private static let registration = TestPKI.registration

    private static func sorted(
        _ identities: [TestIdentity],
        trust: TestIdentity = authority,
        at time: Date = TestAuthority.now
    ) throws(SCEPError) -> TrustedAuthorities {
        let encoded = identities.map(\.certificate.encoded)
        return try TrustedAuthorities(
            encoded.count == 1 ? .authority(encoded[0]) : .chain(encoded),
            trust: .fingerprint(Fingerprint(of: trust.certificate.encoded)),
            at: time
        )
    }

    @Test func `a lone CA does everything`() throws {
        let sorted = try Self.sorted([Self.authority])
        #expect(sorted.issuer.certificate == Self.authority.certificate)
        #expect(sorted.recipient.certificate == Self.authority.certificate)
        #expect(sorted.signers.map(\.certificate) == [Self.authority.certificate])
    }

    @Test func `an RA receives and signs, whatever the order`() throws {
        for identities in [[Self.registration, Self.authority], [Self.authority, Self.registration]] {
            let sorted = try Self.sorted(identities)
            #expect(sorted.issuer.certificate == Self.authority.certificate)
            #expect(sorted.recipient.certificate == Self.registration.certificate)
            #expect(
                sorted.signers.map(\.certificate) == [Self.registration.certificate, Self.authority.certificate]
            )
        }
    }

    @Test func `an RA with two certificates: one receives, the other signs`() throws {
        let encryption = try TestIdentity(
            "RA", key: TestKeys.device, issuer: Self.authority, serialNumber: 3,
            usage: TestIdentity.Usage.keyEncipherment)
        let signature = try TestIdentity(
            "RA", key: TestKeys.otherDevice, issuer: Self.authority, serialNumber: 4,
            usage: TestIdentity.Usage.digitalSignature)
        let sorted = try Self.sorted([signature, encryption, Self.authority])
        #expect(sorted.recipient.certificate == encryption.certificate)
        #expect(sorted.signers.map(\.certificate) == [signature.certificate, Self.authority.certificate])
        let roles = try [signature, encryption, Self.authority, Self.registration].map {
            AuthorityRole(try CertificateDetails(encoded: $0.certificate.encoded))
        }
        #expect(roles == [.signature, .encryption, .certificateAuthority, .registrationAuthority])
    }

    @Test func `an RA that may only sign cannot receive`() throws {
        let signature = try TestIdentity(
            "RA", key: TestKeys.device, issuer: Self.authority, usage: TestIdentity.Usage.digitalSignature)
        let error = #expect(throws: SCEPError.self) { try Self.sorted([signature, Self.authority]) }
        #expect(error?.reason.contains("keyEncipherment") == true)
    }

    @Test func `the known CA has to be among them`() {
        let error = #expect(throws: SCEPError.self) { try Self.sorted([Self.authority], trust: TestPKI.stranger) }
        #expect(error?.code == .integrity)
        #expect(error?.reason.contains("\(Fingerprint(of: Self.authority.certificate.encoded))") == true)
    }

    @Test func `a certificate that the caller has need not be among them`() throws {
        let sorted = try TrustedAuthorities(
            .authority(Self.registration.certificate.encoded),
            trust: .certificate(Self.authority.certificate.encoded),
            at: TestAuthority.now
        )
        #expect(sorted.recipient.certificate == Self.registration.certificate)
        #expect(sorted.issuer.certificate == Self.authority.certificate)
    }

    @Test func `the RA's fingerprint is not the CA's`() {
        let error = #expect(throws: SCEPError.self) {
            try Self.sorted([Self.registration, Self.authority], trust: Self.registration)
        }
        #expect(error?.reason.contains("RA") == true)
    }

    @Test func `a stranger's RA is not believed, nor used in the place of one`() throws {
        let foreign = try TestIdentity("RA", key: TestKeys.device, issuer: TestPKI.stranger, usage: 0xa0)
        let error = #expect(throws: SCEPError.self) { try Self.sorted([foreign, TestPKI.stranger, Self.authority]) }
        #expect(error?.code == .integrity)
        let sorted = try Self.sorted([foreign, Self.registration, TestPKI.stranger, Self.authority])
        #expect(sorted.recipient.certificate == Self.registration.certificate)
        #expect(sorted.signers.count == 2)
        #expect(sorted.authorities.count == 1)
    }

    @Test func `an expired RA gives way to a valid one`() throws {
        let old = try TestIdentity(
            "RA", key: TestKeys.device, issuer: Self.authority, serialNumber: 9, usage: 0xa0,
            until: TestAuthority.now.addingTimeInterval(-1))
        let sorted = try Self.sorted([old, Self.registration, Self.authority])
        #expect(sorted.recipient.certificate == Self.registration.certificate)
        #expect(throws: SCEPError.self) { try Self.sorted([old, Self.authority]) }
    }

    @Test func `an expired CA is refused, with both times in the reason`() {
        let error = #expect(throws: SCEPError.self) {
            try Self.sorted([Self.authority], at: Date(timeIntervalSince1970: 2_500_000_001))
        }
        #expect(error?.reason.contains("clock") == true)
    }

    @Test func `a CA below the known one issues, and has an RA of its own`() throws {
        let intermediate = try TestIdentity(
            "Issuing CA", key: TestKeys.otherDevice, issuer: Self.authority, serialNumber: 5, isAuthority: true,
            usage: 0x86)
        let registration = try TestIdentity(
            "RA", key: TestKeys.device, issuer: intermediate, serialNumber: 6, usage: 0xa0)
        let sorted = try Self.sorted([registration, intermediate, Self.authority])
        #expect(sorted.anchor.certificate == Self.authority.certificate)
        #expect(sorted.issuer.certificate == intermediate.certificate)
        #expect(sorted.recipient.certificate == registration.certificate)
        let withoutRegistration = try Self.sorted([Self.authority, intermediate])
        #expect(withoutRegistration.issuer.certificate == intermediate.certificate)
        #expect(withoutRegistration.recipient.certificate == intermediate.certificate)

        let known = try Self.sorted([registration, intermediate, Self.authority], trust: intermediate)
        #expect(known.authorities.map(\.certificate) == [intermediate.certificate], "the root above it is not needed")
        #expect(known.issuer.certificate == intermediate.certificate)
    }

    @Test func `what was issued is traced back to a believed CA`() throws {
        let sorted = try Self.sorted([Self.registration, Self.authority])
        func details(_ identity: TestIdentity) throws -> CertificateDetails {
            try CertificateDetails(encoded: identity.certificate.encoded)
        }
        let direct = try TestIdentity("device", key: TestKeys.device, issuer: Self.authority)
        try sorted.checkIssued(try details(direct))
        let intermediate = try TestIdentity(
            "Sub CA", key: TestKeys.otherDevice, issuer: Self.authority, isAuthority: true)
        let below = try TestIdentity("device", key: TestKeys.device, issuer: intermediate)
        try sorted.checkIssued(try details(below), intermediates: [try details(intermediate)])
        let byRegistration = try TestIdentity("device", key: TestKeys.device, issuer: Self.registration)
        let foreign = try TestIdentity("device", key: TestKeys.device, issuer: TestPKI.stranger)
        for (certificate, others) in [
            (below, []), (byRegistration, [Self.registration]), (foreign, [TestPKI.stranger]),
        ] as [(TestIdentity, [TestIdentity])] {
            let intermediates = try others.map(details)
            let issued = try details(certificate)
            let error = #expect(throws: SCEPError.self) { try sorted.checkIssued(issued, intermediates: intermediates) }
            #expect(error?.code == .integrity)
        }
    }

    @Test func `SHA-1 under a certificate is believed only where it is allowed`() throws {
        let weak = try TestIdentity(
            "RA", key: TestKeys.device, issuer: Self.authority, usage: 0xa0, digest: .sha1)
        let error = #expect(throws: SCEPError.self) { try Self.sorted([weak, Self.authority]) }
        #expect(error?.code == .algorithm)
        let lenient = try TrustedAuthorities(
            .chain([weak.certificate.encoded, Self.authority.certificate.encoded]),
            trust: .certificate(Self.authority.certificate.encoded),
            at: TestAuthority.now,
            level: .compatible
        )
        #expect(lenient.recipient.certificate == weak.certificate)
        let details = try CertificateDetails(encoded: weak.certificate.encoded)
        try lenient.checkIssued(details)
        let strict = try Self.sorted([Self.registration, Self.authority])
        let refusal = #expect(throws: SCEPError.self) { try strict.checkIssued(details) }
        #expect(refusal?.code == .algorithm)
    }

    @Test func `certificates that cannot be read, or far too many, are refused`() {
        let trust = Trust.fingerprint(Fingerprint(of: Self.authority.certificate.encoded))
        let many = [[UInt8]](repeating: Self.authority.certificate.encoded, count: 101)
        for answer in [CACertificates.chain([[0x30, 0x00]]), .chain(many)] {
            let error = #expect(throws: SCEPError.self) {
                try TrustedAuthorities(answer, trust: trust, at: TestAuthority.now)
            }
            #expect(error?.code == .mismatch)
        }
    }
}
