import Testing

@testable import CertificateAuthority

@Suite("The templates of an installation")
struct TemplateListTests {
    static let list = CertificateTemplates(custom: [
        CertificateTemplate(name: "VPN Gateways", validityDays: 30),
        CertificateTemplate(name: "default", validityDays: 1),
    ])

    @Test("are the built-in ones, then the others")
    func names() {
        #expect(Self.list.names == ["Default", "Mobile Devices", "Network Equipment", "VPN Gateways", "default"])
        #expect(CertificateTemplates().all == CertificateTemplate.builtIn)
    }

    @Test(
        "are found by name or slug, built-in ones first",
        arguments: [
            ("vpn-gateways", 30), ("VPN  Gateways", 30), ("default", 365), ("mobile devices", 730), ("vpn", nil),
            ("Server", nil), ("OCSP responder", nil),
        ] as [(String, Int?)]
    )
    func found(name: String, days: Int?) {
        #expect(Self.list.named(name)?.validityDays == days)
    }
}
