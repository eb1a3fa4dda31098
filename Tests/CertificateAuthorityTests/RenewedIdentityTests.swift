import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A renewal")
struct RenewedIdentityTests {
    static let host = AlternativeNamesTests.host("device.example")
    static let address = AlternativeNamesTests.name(0x87, [192, 0, 2, 1])

    let certificate: [UInt8]

    init() throws {
        let issued = try TestIssuer.make().issue(
            subject: TestName("Device 7").encoded,
            extensions: [AlternativeNamesTests.value([Self.host, Self.address])]
        )
        self.certificate = issued.encoded
    }

    private func refusal(_ name: TestName, _ names: [ASN1Tree]) -> IssuanceError? {
        do {
            let extensions = names.isEmpty ? [] : [AlternativeNamesTests.value(names)]
            _ = try RenewedIdentity(subject: name.encoded, extensions: extensions, renewing: self.certificate)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "for the same subject with no more SANs is granted",
        arguments: [
            (TestName("Device 7"), [host, address]), (TestName("Device 7"), [host]), (TestName("Device 7"), []),
            (TestName("DEVICE  7", tag: 0x13), [address, AlternativeNamesTests.host("DEVICE.EXAMPLE")]),
        ]
    )
    func granted(name: TestName, names: [ASN1Tree]) {
        #expect(self.refusal(name, names) == nil)
    }

    @Test(
        "for another subject is refused, and both are named",
        arguments: [(TestName("Device 8"), "CN=Device 8"), (TestName(), "empty"), (TestName("a\nb"), #"CN=a\u{a}b"#)]
    )
    func otherSubject(name: TestName, readable: String) {
        let error = self.refusal(name, [])
        #expect(error?.code == .renewedSubject)
        #expect(error?.reason.contains("for the subject \(readable),") == true)
        #expect(error?.reason.contains("is for CN=Device 7:") == true)
    }

    @Test(
        "for more SANs is refused, and the one that is new is named",
        arguments: [
            (AlternativeNamesTests.host("other.example"), "DNS:other.example"),
            (AlternativeNamesTests.email("root@device.example"), "email:root@device.example"),
            (AlternativeNamesTests.directory(TestName("x")), "directory name:CN=x"),
        ]
    )
    func otherNames(name: ASN1Tree, readable: String) {
        let error = self.refusal(TestName("Device 7"), [Self.host, name])
        #expect(error?.code == .renewedAlternativeNames)
        #expect(error?.reason.contains("SAN \(readable),") == true)
    }

    @Test("of SANs by a certificate that has none is refused")
    func firstNames() throws {
        let bare = try TestIssuer.make().issue(subject: TestName("a").encoded).encoded
        let error = #expect(throws: IssuanceError.self) {
            _ = try RenewedIdentity(
                subject: TestName("a").encoded,
                extensions: [AlternativeNamesTests.value([Self.host])],
                renewing: bare
            )
        }
        #expect(error?.code == .renewedAlternativeNames)
    }

    @Test("whose SANs cannot be read is refused")
    func unreadable() {
        let error = #expect(throws: IssuanceError.self) {
            _ = try RenewedIdentity(
                subject: TestName("Device 7").encoded,
                extensions: [CertificateExtension(.Extension.subjectAltName, value: [0x30, 0x01])],
                renewing: self.certificate
            )
        }
        #expect(error?.code == .badExtension)
    }

    @Test("of what is no certificate is refused", arguments: [[], [0x30, 0x00], [0x05, 0x00]] as [[UInt8]])
    func noCertificate(bytes: [UInt8]) {
        let error = #expect(throws: IssuanceError.self) {
            _ = try RenewedIdentity(subject: TestName("a").encoded, extensions: [], renewing: bytes)
        }
        #expect(error?.code == .renewedCertificate)
    }

    @Test("of a damaged certificate never traps")
    func damaged() {
        for index in self.certificate.indices {
            for flip in [0x01, 0x20, 0x80, 0xff] as [UInt8] {
                var damaged = self.certificate
                damaged[index] ^= flip
                let subject = TestName("Device 7").encoded
                _ = try? RenewedIdentity(subject: subject, extensions: [], renewing: damaged)
            }
        }
        for count in self.certificate.indices {
            let cut = Array(self.certificate.prefix(count))
            #expect(throws: IssuanceError.self) {
                _ = try RenewedIdentity(subject: TestName("Device 7").encoded, extensions: [], renewing: cut)
            }
        }
    }
}
