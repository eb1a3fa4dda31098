import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("A CA below another")
struct SubordinateAuthorityTests {
    @Test("has what was asked for, and points to the CA above")
    func contents() throws {
        let root = try TestHierarchy.root()
        let issued = try Issuer(
            certificate: root.certificate.encoded,
            key: TestIssuer.key(.p256),
            distribution: Distribution(baseURL: "http://a.example", authority: "root")
        ).issueAuthority(
            AuthorityTerms(subject: try DirectoryName(parsing: "CN=Sub").encoded, validityDays: 100, answersSCEP: true),
            publicKey: TestHierarchy.key.publicKey,
            crlURLs: ["{url}/crl/{ca}.crl"],
            issuerURLs: ["{url}/ca/{ca}.cer"],
            ocspURLs: ["{url}/ocsp"],
            serialNumber: [7],
            now: TestHierarchy.now
        )
        let certificate = try Certificate(derEncoded: issued.encoded)
        let parent = try Certificate(derEncoded: root.certificate.encoded)
        let extensions = certificate.extensions
        #expect(certificate.issuer == parent.subject)
        #expect(parent.publicKey.isValidSignature(certificate.signature, for: certificate))
        #expect(try extensions.basicConstraints == .isCertificateAuthority(maxPathLength: nil))
        #expect(extensions[oid: .Extension.basicConstraints]?.critical == true)
        #expect(
            try extensions.keyUsage
                == KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: true, cRLSign: true)
        )
        #expect(
            try extensions.authorityKeyIdentifier?.keyIdentifier
                == parent.extensions.subjectKeyIdentifier?.keyIdentifier)
        #expect(try extensions.authorityInformationAccess.map { $0.count } == 2)
        #expect(extensions[oid: .Extension.cRLDistributionPoints] != nil)
        // anyPolicy
        #expect(
            extensions[oid: .Extension.certificatePolicies].map { Array($0.value) }
                == [0x30, 0x08, 0x30, 0x06, 0x06, 0x04, 0x55, 0x1d, 0x20, 0x00]
        )
        #expect(issued.notAfter == TestHierarchy.now.addingTimeInterval(100 * 86_400))
        #expect(issued.notBefore == TestHierarchy.now.addingTimeInterval(-300))
        let issuer = try Issuer(certificate: issued.encoded, key: TestHierarchy.key)
        #expect(try issuer.answersSCEP)
    }

    static let pathLengths: [(root: Int?, asked: Int?, issued: Int??)] = [
        (nil, nil, .some(nil)), (nil, 0, 0), (nil, 3, 3), (0, nil, nil), (0, 0, nil), (1, nil, 0), (1, 0, 0),
        (1, 1, nil),
        (3, nil, 2), (3, 2, 2), (3, 1, 1), (3, 3, nil), (3, 4, nil),
    ]

    @Test("has a smaller path length", arguments: pathLengths.indices)
    func pathLength(index: Int) throws {
        let row = Self.pathLengths[index]
        let root = try TestHierarchy.root { $0.pathLength = row.root }
        if let issued = row.issued {
            #expect(try root.subordinate { $0.pathLength = row.asked }.constraints.pathLength == issued)
        } else {
            #expect(try root.refusal { $0.pathLength = row.asked } == .pathLength)
        }
    }

    @Test("does not outlive the CA above, and says how long it may live")
    func validity() throws {
        let root = try TestHierarchy.root(days: 100)
        #expect(try root.subordinate(days: 100).notAfter == root.notAfter)
        let error = #expect(throws: IssuanceError.self) { try root.subordinate(days: 101) }
        #expect(error?.code == .validity)
        #expect(error?.reason.contains("2027-04-25: 100 days are possible") == true, "\(error?.reason ?? "")")
        let terms = AuthorityTerms(subject: TestName("Sub").encoded, validityDays: 1)
        let late = #expect(throws: IssuanceError.self) {
            try root.issueAuthority(
                terms,
                publicKey: TestHierarchy.key.publicKey,
                serialNumber: [1],
                now: root.notAfter.addingTimeInterval(-86_399)
            )
        }
        #expect(late?.code == .authorityExpired)
    }

    @Test("has purposes that the CA above grants")
    func purposes() throws {
        let root = try TestHierarchy.root { $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 2]] }
        #expect(try root.refusal { $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 2]] } == nil)
        #expect(try root.refusal { $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 1]] } == .extendedKeyUsage)
        #expect(try root.refusal() == nil)
    }

    @Test("has another name than the CA above")
    func name() throws {
        let root = try TestHierarchy.root()
        #expect(try root.refusal(ofSubordinate: "cn=example root, o=EXAMPLE") == .authorityName)
    }

    @Test("has a key that a CA may have")
    func keys() throws {
        let root = try TestHierarchy.root()
        let terms = AuthorityTerms(subject: TestName("Sub").encoded, validityDays: 100)
        func code(_ key: SubjectPublicKeyInfo) -> IssuanceError.Code? {
            do {
                _ = try root.issueAuthority(terms, publicKey: key, serialNumber: [1], now: TestHierarchy.now)
                return nil
            } catch {
                return (error as? IssuanceError)?.code
            }
        }
        #expect(code(TestKeys.smallDevice.publicKey) == .key)
        #expect(code(TestIssuer.key(.p256).publicKey) == .authorityKey)
        for curve in EllipticCurve.allCases { #expect(code(TestKeys.onCurve(curve).publicKey) == nil) }
        #expect(code(TestKeys.device.publicKey) == nil)
    }

    @Test("is issued by a CA only")
    func notByDevices() throws {
        let root = try TestHierarchy.root()
        let key = TestHierarchy.key
        let device = try root.issueOwn(
            name: "a",
            key: key,
            template: .registrationAuthority,
            serialNumber: [3],
            now: TestHierarchy.now
        )
        let issuer = try Issuer(certificate: device.encoded, key: key)
        #expect(!issuer.constraints.isAuthority)
        let subordinate = try issuer.refusal(ofSubordinate: "CN=Sub")
        #expect(subordinate == .authorityCertificate)
        #expect(try issuer.refusal(subject: TestName("d").encoded) == .authorityCertificate)
    }

    @Test("grants only its purposes to devices")
    func devicePurposes() throws {
        let root = try TestHierarchy.root { $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 1]] }
        let subject = TestName("d").encoded
        #expect(try root.refusal(subject: subject) == .extendedKeyUsage)
        var template = CertificateTemplate(name: "None", extendedKeyUsage: [])
        _ = try root.issue(subject: subject, template: template)
        template.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 1]]
        try template.check(under: root.constraints)
        _ = try root.issue(subject: subject, template: template)
        let every = try TestHierarchy.root { $0.extendedKeyUsage = [[2, 5, 29, 37, 0]] }
        #expect(try every.refusal(subject: subject) == nil)
    }
}
