import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("What a CA's certificate lets it issue")
struct AuthorityConstraintsTests {
    static func certificate(_ extensions: [CertificateExtension]) throws -> [UInt8] {
        let key = TestIssuer.key(.p256)
        let certificate = TBSCertificate(
            serialNumber: [1],
            signature: key.certificateSignatureAlgorithm,
            issuer: TestName("CA").encoded,
            notBefore: TestHierarchy.now,
            notAfter: TestHierarchy.now.addingTimeInterval(86_400),
            subject: TestName("CA").encoded,
            publicKey: key.publicKey,
            extensions: extensions
        )
        let toBeSigned = certificate.derEncoded()
        return try TBSCertificate.signed(
            toBeSigned,
            algorithm: certificate.signature,
            signature: try key.signature(forCertificate: toBeSigned)
        )
    }

    static let rows: [(extensions: [CertificateExtension], isAuthority: Bool, mayIssue: Bool, maySignLists: Bool)] = [
        ([], false, false, true),
        ([.basicConstraints(pathLength: nil)], true, true, true),
        ([CertificateExtension(.Extension.basicConstraints, value: [0x30, 0x00])], false, false, true),
        ([.basicConstraints(pathLength: 300), .keyUsage([.keyCertSign])], true, true, false),
        ([.basicConstraints(pathLength: 0), .keyUsage([.cRLSign])], true, false, true),
        ([.keyUsage([.keyCertSign, .cRLSign])], false, false, true),
        ([.basicConstraints(pathLength: 0), .keyUsage([.digitalSignature])], true, false, false),
    ]

    @Test("is read from basicConstraints and keyUsage", arguments: rows.indices)
    func reading(index: Int) throws {
        let row = Self.rows[index]
        let constraints = try AuthorityConstraints(certificate: try Self.certificate(row.extensions))
        #expect(constraints.isAuthority == row.isAuthority)
        #expect(constraints.mayIssue == row.mayIssue)
        #expect(constraints.maySignRevocationLists == row.maySignLists)
        #expect(constraints.notBefore == TestHierarchy.now)
        #expect(constraints.notAfter == TestHierarchy.now.addingTimeInterval(86_400))
        #expect(constraints.subject == TestName("CA").encoded)
        #expect(constraints.nameConstraints == nil)
        #expect(constraints.extendedKeyUsage.isEmpty)
    }

    @Test("has path lengths of any size", arguments: [0, 1, 127, 128, 255, 256, 65_536])
    func pathLength(length: Int) throws {
        let certificate = try Self.certificate([.basicConstraints(pathLength: length)])
        #expect(try AuthorityConstraints(certificate: certificate).pathLength == length)
    }

    static let unreadable: [[CertificateExtension]] = [
        [CertificateExtension(.Extension.basicConstraints, value: [0x30])],
        [CertificateExtension(.Extension.keyUsage, value: [0x04, 0x00])],
        [CertificateExtension(.Extension.nameConstraints, value: [0x30])],
        [CertificateExtension(.Extension.extendedKeyUsage, value: [0x30, 0x01])],
        [.basicConstraints(pathLength: nil), .basicConstraints(pathLength: nil)],
        [
            CertificateExtension(.Extension.nameConstraints, value: [0x30, 0x00]),
            CertificateExtension(.Extension.nameConstraints, value: [0x30, 0x00]),
        ],
    ]

    @Test("is refused where it cannot be read", arguments: unreadable)
    func isUnreadable(extensions: [CertificateExtension]) throws {
        let certificate = try Self.certificate(extensions)
        let error = #expect(throws: IssuanceError.self) { try AuthorityConstraints(certificate: certificate) }
        #expect(error?.code == .authorityCertificate)
    }

    @Test("is read or refused whatever the bytes, without a crash")
    func hostile() throws {
        let certificate = try TestHierarchy.root {
            $0.pathLength = 3
            $0.nameConstraints = try AuthorityNameConstraints(
                ["DNS:example.com", "dir:O=Example"], excluded: ["IP:10.0.0.0/8"])
            $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 2]]
        }.certificate.encoded
        for length in 0..<certificate.count {
            let error = #expect(throws: IssuanceError.self) {
                try AuthorityConstraints(certificate: Array(certificate.prefix(length)))
            }
            #expect(error?.code == .authorityCertificate)
        }
        for index in certificate.indices {
            for flip in [0x01, 0x80, 0xff] as [UInt8] {
                var changed = certificate
                changed[index] ^= flip
                guard let constraints = try? AuthorityConstraints(certificate: changed) else { continue }
                try? constraints.check(subject: changed, alternativeNames: changed)
                try? constraints.check(subject: TestName("a.example.com").encoded, alternativeNames: nil)
            }
        }
    }
}
