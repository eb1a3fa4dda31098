import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("Extensions of a request, as a template has them")
struct PassedExtensionTests {
    static let subject = TestName("d").encoded
    /// Microsoft's name of a template: a BMPString.
    static let templateName = CertificateExtension(
        .Extension.microsoftTemplateName, isCritical: true, value: [0x1e, 0x02, 0x00, 0x41])
    static let sid = CertificateExtension(.Extension.microsoftSecurityIdentifier, value: [0x30, 0x02, 0x05, 0x00])

    static func issue(
        _ extensions: [CertificateExtension],
        _ change: (inout CertificateTemplate) -> Void
    ) throws -> Certificate.Extensions {
        var template = CertificateTemplate(name: "Passing")
        change(&template)
        let issued = try TestIssuer.make().issue(subject: Self.subject, extensions: extensions, template: template)
        return try Certificate(derEncoded: issued.encoded).extensions
    }

    @Test("go into the certificate, never critical, where the template passes them")
    func passed() throws {
        let extensions = try Self.issue([Self.templateName, Self.sid]) {
            $0.passedExtensions = [.Extension.microsoftTemplateName]
        }
        let found = try #require(extensions[oid: .Extension.microsoftTemplateName])
        #expect(Array(found.value) == Self.templateName.value)
        #expect(!found.critical)
        #expect(extensions[oid: .Extension.microsoftSecurityIdentifier] == nil)
    }

    static let malformed: [[UInt8]] = [
        [], [0x30], [0x30, 0x03, 0x05, 0x00], [0x05, 0x00, 0x00], [0x30, 0x80, 0x00, 0x00], [0x05, 0x00, 0x05, 0x00],
        [0x04, 0x82, 0x0f, 0xfd] + [UInt8](repeating: 0, count: 4093),
    ]

    @Test("are refused where they are not one DER element of a bearable length", arguments: malformed)
    func isMalformed(value: [UInt8]) throws {
        let error = #expect(throws: IssuanceError.self) {
            try Self.issue([CertificateExtension([1, 2, 3], value: value)]) { $0.passedExtensions = [[1, 2, 3]] }
        }
        #expect(error?.code == .badExtension)
    }

    @Test("may have 4096 bytes")
    func longest() throws {
        let value: [UInt8] = [0x04, 0x82, 0x0f, 0xfc] + [UInt8](repeating: 0, count: 4092)
        let extensions = try Self.issue([CertificateExtension([1, 2, 3], value: value)]) {
            $0.passedExtensions = [[1, 2, 3]]
        }
        #expect(extensions[oid: [1, 2, 3]].map { Array($0.value) } == value)
    }

    @Test("are refused where they are there twice")
    func doubled() throws {
        let error = #expect(throws: IssuanceError.self) {
            try Self.issue([Self.sid, Self.sid]) { $0.passedExtensions = [.Extension.microsoftSecurityIdentifier] }
        }
        #expect(error?.code == .badExtension)
    }

    @Test(
        "that the issuer writes itself cannot be passed",
        arguments: Array(CertificateTemplate.unpassableExtensions)
    )
    func unpassable(identifier: ASN1ObjectIdentifier) throws {
        var template = CertificateTemplate(name: "Passing")
        template.passedExtensions = [[1, 2, 3], identifier]
        let error = #expect(throws: IssuanceError.self) { try template.check() }
        #expect(error?.code == .template)
        let used = #expect(throws: IssuanceError.self) {
            try TestIssuer.make().issue(subject: Self.subject, template: template)
        }
        #expect(used?.code == .template)
    }

    @Test("that are critical and unknown are dropped or refused")
    func critical() throws {
        #expect(try Self.issue([Self.templateName]) { _ in }[oid: .Extension.microsoftTemplateName] == nil)
        let error = #expect(throws: IssuanceError.self) {
            try Self.issue([Self.templateName]) { $0.criticalExtensions = .refuse }
        }
        #expect(error?.code == .unknownCriticalExtension)
        #expect(error?.reason.contains("1.3.6.1.4.1.311.20.2") == true)
    }

    @Test("that are critical and decided on, passed, or not critical are no reason to refuse")
    func known() throws {
        _ = try Self.issue([
            CertificateExtension(.Extension.basicConstraints, isCritical: true, value: [0x30, 0x00]),
            CertificateExtension(.Extension.keyUsage, isCritical: true, value: [0x03, 0x02, 0x07, 0x80]),
            Self.templateName, Self.sid,
        ]) {
            $0.criticalExtensions = .refuse
            $0.passedExtensions = [.Extension.microsoftTemplateName]
        }
    }

    static func purposes(_ identifiers: [ASN1ObjectIdentifier]) throws -> CertificateExtension {
        CertificateExtension(
            .Extension.extendedKeyUsage,
            value: try DERWriter.encode { try $0.serializeSequenceOf(identifiers) }
        )
    }

    static let authorityPurposes: [[ASN1ObjectIdentifier]] = [
        [[1, 3, 6, 1, 5, 5, 7, 3, 9]], [[1, 3, 6, 1, 4, 1, 311, 20, 2, 1]],
        [[1, 3, 6, 1, 5, 5, 7, 3, 2], [1, 3, 6, 1, 5, 5, 7, 3, 9]],
    ]

    @Test("that ask for any purpose, as Intune's profiles do, come to nothing more than the template has")
    func asksForAnyPurpose() throws {
        let asked = try Self.purposes([[1, 3, 6, 1, 5, 5, 7, 3, 2], [2, 5, 29, 37, 0]])
        #expect(try Self.issue([asked]) { _ in } == Self.issue([]) { _ in })
    }

    @Test("that only a CA or its services have for a purpose are refused", arguments: authorityPurposes)
    func asksForPurpose(purposes: [ASN1ObjectIdentifier]) throws {
        let asked = try Self.purposes(purposes)
        let error = #expect(throws: IssuanceError.self) { try Self.issue([asked]) { _ in } }
        #expect(error?.code == .asksForAuthority)
        let extensions = try Self.issue([asked]) { $0.authorityRequests = .drop }
        #expect(try extensions == Self.issue([]) { _ in })
    }

    @Test(
        "that only a CA has are refused, or dropped where the template says so",
        arguments: RequestedExtensionTests.authority)
    func asksForAuthority(_ name: String, asked: CertificateExtension) throws {
        let error = #expect(throws: IssuanceError.self) { try Self.issue([asked]) { _ in } }
        #expect(error?.code == .asksForAuthority)
        let extensions = try Self.issue([asked]) { $0.authorityRequests = .drop }
        #expect(try extensions == Self.issue([]) { _ in })
    }

    @Test("that cannot be read are refused", arguments: [[], [0x30, 0x01], [0x31, 0x00], [0x30, 0x02, 0x05, 0x00]])
    func unreadablePurposes(value: [UInt8]) throws {
        let error = #expect(throws: IssuanceError.self) {
            try Self.issue([CertificateExtension(.Extension.extendedKeyUsage, value: value)]) { _ in }
        }
        #expect(error?.code == .badExtension)
    }
}
