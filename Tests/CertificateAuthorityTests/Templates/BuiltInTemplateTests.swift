import Foundation
import SwiftASN1
import Testing
import X509

@testable import CertificateAuthority

@Suite("A built-in template")
struct BuiltInTemplateTests {
    @Test(
        "says how long certificates are valid and what for",
        arguments: [
            ("Default", 365, [.clientAuth]), ("Mobile Devices", 730, [.clientAuth, .emailProtection]),
            ("Network Equipment", 1095, [.clientAuth, .serverAuth]),
        ] as [(String, Int, [ExtendedKeyUsage.Usage])]
    )
    func contents(name: String, days: Int, purposes: [ExtendedKeyUsage.Usage]) throws {
        let template = try #require(CertificateTemplates().named(name))
        let issued = try TestIssuer.make().issue(subject: TestName("d").encoded, template: template)
        let certificate = try Certificate(derEncoded: issued.encoded)
        #expect(certificate.notValidAfter == TestIssuer.now.addingTimeInterval(Double(days) * 86_400))
        #expect(
            try certificate.extensions.keyUsage == KeyUsage(digitalSignature: true, keyEncipherment: true)
        )
        #expect(try certificate.extensions.extendedKeyUsage.map(Array.init) == purposes)
    }

    @Test(
        "is found by its name in any case, and by its slug",
        arguments: [
            ("Default", .default), ("default", .default), ("Mobile Devices", .mobileDevices),
            ("MOBILE DEVICES", .mobileDevices), ("mobile-devices", .mobileDevices), ("mobile_devices", .mobileDevices),
            ("network-equipment", .networkEquipment), (" Network  Equipment ", .networkEquipment),
            ("", nil), ("-", nil), ("mobile", nil), ("mobiledevices", nil), ("Server", nil), ("default2", nil),
            ("Registration authority", nil),
        ] as [(String, CertificateTemplate?)]
    )
    func names(name: String, template: CertificateTemplate?) {
        #expect(CertificateTemplates().named(name) == template)
    }

    @Test("has a slug of its own")
    func slugs() {
        #expect(CertificateTemplate.builtIn.map(\.slug) == ["default", "mobile-devices", "network-equipment"])
    }
}
