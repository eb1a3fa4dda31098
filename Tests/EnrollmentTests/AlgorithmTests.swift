import CryptographicMessageSyntax
import Enrollment
import SCEP
import TestSupport
import Testing

@Suite("The algorithms of an enrolment")
struct AlgorithmTests {
    @Test(
        "are mirrored by the answer, or bettered",
        arguments: [
            (.sha1, .sha256), (.sha256, .sha256), (.sha384, .sha384), (.sha512, .sha512),
        ] as [(DigestAlgorithm, DigestAlgorithm)]
    )
    func digests(sent: DigestAlgorithm, answered: DigestAlgorithm) async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            enrolment.digest = sent
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(reply.certificates.count == 1)
            #expect(reply.digest == answered)
            #expect(exchange.algorithms?.digest == sent)
        }
    }

    @Test(
        "of the content are mirrored, single DES bettered to AES-128",
        arguments: [
            (.des, .aes128), (.tripleDES, .tripleDES), (.aes128, .aes128), (.aes192, .aes192), (.aes256, .aes256),
        ] as [(ContentEncryptionAlgorithm, ContentEncryptionAlgorithm)]
    )
    func ciphers(sent: ContentEncryptionAlgorithm, answered: ContentEncryptionAlgorithm) async throws {
        try await withAuthority(level: .legacy) { authority in
            var enrolment = try TestEnrolment()
            enrolment.cipher = sent
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(reply.certificates.count == 1)
            #expect(reply.contentEncryption == answered)
            #expect(exchange.algorithms?.cipher == sent)
        }
    }

    @Test("of the key's transport are PKCS#1 v1.5 and OAEP", arguments: KeyTransportAlgorithm.allCases)
    func transports(_ transport: KeyTransportAlgorithm) async throws {
        try await withAuthority(level: .modern) { authority in
            var enrolment = try TestEnrolment()
            enrolment.transport = transport
            #expect(try await authority.enrol(enrolment).reply.certificates.count == 1)
        }
    }

    static let levels: [(AlgorithmLevel, DigestAlgorithm, ContentEncryptionAlgorithm, FailInfo?)] = [
        (.modern, .sha256, .aes128, nil),
        (.modern, .sha1, .aes128, .badAlg),
        (.modern, .sha256, .tripleDES, .badAlg),
        (.modern, .sha256, .des, .badAlg),
        (.compatible, .sha1, .aes128, nil),
        (.compatible, .sha256, .tripleDES, nil),
        (.compatible, .sha1, .tripleDES, nil),
        (.compatible, .sha256, .des, .badAlg),
        (.compatible, .sha1, .des, .badAlg),
        (.legacy, .sha1, .des, nil),
        (.legacy, .sha512, .aes256, nil),
    ]

    @Test("are accepted down to the profile's level, whatever the client says", arguments: levels)
    func isAccepted(
        _ level: AlgorithmLevel,
        digest: DigestAlgorithm,
        cipher: ContentEncryptionAlgorithm,
        failInfo: FailInfo?
    ) async throws {
        try await withAuthority(level: level) { authority in
            var enrolment = try TestEnrolment()
            (enrolment.digest, enrolment.cipher) = (digest, cipher)
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(reply.failInfo == failInfo)
            #expect(reply.certificates.count == (failInfo == nil ? 1 : 0))
            if case .refused(_, let reason) = exchange.outcome {
                // The log has the cause and the cure.
                #expect(reason.contains(cipher.rawValue) || reason.contains(digest.rawValue))
                #expect(reason.contains("set the level to"))
            }
            #expect(!exchange.isConcealed)
        }
    }

    @Test(
        "of RSA-1024 are accepted at legacy only",
        arguments: [(.modern, false), (.compatible, false), (.legacy, true)] as [(AlgorithmLevel, Bool)]
    )
    func smallKeys(_ level: AlgorithmLevel, isAccepted: Bool) async throws {
        try await withAuthority(level: level) { authority in
            let (exchange, reply) = try await authority.enrol(try TestEnrolment(key: TestKeys.smallDevice))
            #expect(reply.certificates.count == (isAccepted ? 1 : 0))
            #expect(reply.failInfo == (isAccepted ? nil : .badRequest))
            #expect(exchange.isConcealed == !isAccepted)
        }
    }

    @Test("are advertised by level: weak ones at legacy only", arguments: AlgorithmLevel.allCases)
    func capabilities(_ level: AlgorithmLevel) async throws {
        try await withAuthority(level: level) { authority in
            let capabilities = authority.registrationAuthority.capabilities
            #expect(
                Set(capabilities).isSuperset(of: [.aes, .postPKIOperation, .sha256, .sha384, .sha512, .scepStandard]))
            #expect(capabilities.contains(.sha1) == (level == .legacy))
            #expect(capabilities.contains(.tripleDES) == (level == .legacy))
            #expect(capabilities.contains(.renewal))
            #expect(!capabilities.contains(.getNextCACert))
        }
    }

    @Test(
        "hold for the PKCS#10's own signature too",
        arguments: [(AlgorithmLevel.modern, false), (.compatible, true), (.legacy, true)]
    )
    func requestDigest(_ level: AlgorithmLevel, isAccepted: Bool) async throws {
        try await withAuthority(level: level) { authority in
            let enrolment = try TestEnrolment()
            let request = try CertificationRequest.make(
                subject: enrolment.client.subject,
                publicKey: enrolment.client.key.publicKey,
                key: enrolment.client.key,
                challengePassword: TestAuthority.challenge,
                digest: .sha1
            )
            let exchange = try await authority.answer(
                try enrolment.message(for: authority.raCertificate, containing: request.encoded)
            )
            let reply = try enrolment.verified(exchange.answer, from: authority.raCertificate)
            #expect(reply.failInfo == (isAccepted ? nil : .badRequest))
            #expect(exchange.isConcealed == !isAccepted)
        }
    }
}
