import CertificateAuthority
import Enrollment
import Foundation
import SCEP
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite("A profile's settings")
struct ProfileSettingsTests {
    struct Advertised: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let configure: @Sendable (inout ProfileSettings) -> Void
        var hasNextAuthority = false
        let expected: String

        init(
            _ description: String,
            hasNextAuthority: Bool = false,
            _ expected: String,
            _ configure: @escaping @Sendable (inout ProfileSettings) -> Void = { _ in }
        ) {
            self.testDescription = description
            self.hasNextAuthority = hasNextAuthority
            self.expected = expected
            self.configure = configure
        }
    }

    static let advertised: [Advertised] = [
        .init("default", "AES POSTPKIOperation Renewal SHA-256 SHA-384 SHA-512 SCEPStandard"),
        .init(
            "with a next CA",
            hasNextAuthority: true,
            "AES GetNextCACert POSTPKIOperation Renewal SHA-256 SHA-384 SHA-512 SCEPStandard"
        ),
        .init("legacy", "AES POSTPKIOperation Renewal SHA-256 SHA-384 SHA-512 SCEPStandard DES3 SHA-1") {
            $0.algorithmLevel = .legacy
        },
        .init("no renewals", "AES POSTPKIOperation SHA-256 SHA-384 SHA-512 SCEPStandard") {
            $0.renewal.isAllowed = false
        },
        .init("a list of its own", "SHA-1 SHA-256 AES DES3 POSTPKIOperation") {
            $0.capabilities = [.sha1, .sha256, .aes, .tripleDES, .postPKIOperation]
        },
        .init("POST dropped, and SCEPStandard with it", "AES SHA-256") {
            $0.capabilities = [.aes, .scepStandard, .sha256]
        },
        .init("GetNextCACert listed without a next CA", "AES") { $0.capabilities = [.getNextCACert, .aes] },
    ]

    @Test("say what GetCACaps lists", arguments: Self.advertised)
    func capabilities(_ row: Advertised) {
        var settings = ProfileSettings()
        row.configure(&settings)
        let listed = settings.advertisedCapabilities(hasNextAuthority: row.hasNextAuthority)
        #expect(listed.map(\.rawValue).joined(separator: " ") == row.expected)
    }

    @Test("come back as they were stored")
    func json() throws {
        var settings = ProfileSettings()
        settings.mode = .certificateAuthority
        settings.algorithmLevel = .legacy
        settings.template = "Mobile Devices"
        settings.isOpen = true
        settings.approval = .manual
        settings.publishedCertificates = .authority
        settings.replyChain = .chain
        settings.capabilities = [.aes, .sha1]
        settings.mirrorsSHA1 = true
        settings.mirrorsDES = true
        settings.signingTimeTolerance = 300
        settings.renewal.isAllowed = false
        settings.renewal.windowPercent = 33
        settings.renewal.graceDays = 7
        settings.renewal.requiresChallenge = true
        settings.renewal.revokesOld = true
        #expect(try ProfileSettings(json: settings.json()) == settings)
    }

    @Test("that are not stored have their defaults")
    func defaults() throws {
        #expect(try ProfileSettings(json: "{}") == ProfileSettings())
        #expect(try ProfileSettings(json: #"{"ofALaterVersion": 1}"#) == ProfileSettings())
    }

    @Test(
        "of another kind are refused",
        arguments: ["", "[]", #"{"mode":"maybe"}"#, #"{"isOpen":"yes"}"#, #"{"capabilities":["SHA-3"]}"#]
    )
    func unknown(json: String) {
        #expect(throws: (any Error).self) { try ProfileSettings(json: json) }
    }

    @Test("can let an answer carry the chain behind the device's own certificate")
    func replyChain() async throws {
        try await withAuthority(settings: .with { $0.replyChain = .chain }) { authority in
            let enrolment = try TestEnrolment()
            let certificates = try await authority.enrol(enrolment).reply.certificates
            #expect(certificates.count == 2)
            #expect(
                try SignerCertificate(encoded: certificates[0]).publicKey.isSameKey(as: enrolment.client.key.publicKey))
            #expect(certificates[1] == authority.caCertificate.encoded)
        }
    }

    @Test("can let GetCACert give the CA alone, which then answers those who know nobody else")
    func publishedCertificates() async throws {
        try await withAuthority(settings: .with { $0.publishedCertificates = .authority }) { authority in
            #expect(authority.registrationAuthority.certificates == .authority(authority.caCertificate.encoded))
            for recipient in [authority.caCertificate, authority.raCertificate] {
                let enrolment = try TestEnrolment()
                let exchange = try await authority.answer(try enrolment.message(for: recipient))
                #expect(try enrolment.verified(exchange.answer, from: recipient).certificates.count == 1)
            }
        }
    }

    @Test("can mirror SHA-1 and single DES", arguments: [true, false])
    func mirrors(isMirrored: Bool) async throws {
        try await withAuthority(
            level: .legacy,
            settings: .with {
                $0.mirrorsSHA1 = isMirrored
                $0.mirrorsDES = isMirrored
            }
        ) { authority in
            var enrolment = try TestEnrolment()
            enrolment.digest = .sha1
            enrolment.cipher = .des
            let reply = try await authority.enrol(enrolment).reply
            #expect(reply.digest == (isMirrored ? .sha1 : .sha256))
            #expect(reply.contentEncryption == (isMirrored ? .des : .aes128))
        }
    }

    @Test(
        "can refuse a signingTime that is too far off",
        arguments: [(-301.0, false), (-300, true), (0, true), (300, true), (301, false), (nil, true)]
            as [(Double?, Bool)]
    )
    func signingTime(offset: Double?, isAccepted: Bool) async throws {
        try await withAuthority(settings: .with { $0.signingTimeTolerance = 300 }) { authority in
            let message = try Forgery(try TestEnrolment(), for: authority.raCertificate).signed { attributes in
                if let offset { attributes.append(.signingTime(TestAuthority.now.addingTimeInterval(offset))) }
            }.derEncoded()
            let answer = try Answer(try await authority.answer(message).answer)
            #expect(answer.failInfo == (isAccepted ? nil : .badTime))
        }
    }

    @Test("do not look at signingTime unless told")
    func signingTimeIgnored() async throws {
        try await withAuthority { authority in
            let message = try Forgery(try TestEnrolment(), for: authority.raCertificate).signed { attributes in
                attributes.append(.signingTime(Date(timeIntervalSince1970: 0)))
            }.derEncoded()
            #expect(try Answer(try await authority.answer(message).answer).failInfo == nil)
        }
    }
}
