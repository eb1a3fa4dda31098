import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The extensions with a CA's URLs")
struct DistributionExtensionsTests {
    static let urls = DistributionExtensions.URLs(
        crl: ["{url}/crl/{ca}.crl"],
        issuer: ["{url}/ca/{ca}.cer"],
        ocsp: ["{url}/ocsp"]
    )

    @Test("are the same the second time")
    func again() throws {
        let extensions = DistributionExtensions(Distribution(baseURL: "http://ca.example", authority: "ca"))
        let first = try extensions[Self.urls]
        #expect(first.map(\.identifier) == [.Extension.cRLDistributionPoints, .Extension.authorityInfoAccess])
        #expect(first[0].value.firstRange(of: Array("http://ca.example/crl/ca.crl".utf8)) != nil)
        #expect(try extensions[Self.urls] == first)
    }

    @Test("are those of the URLs that are asked for, however many there were")
    func others() throws {
        let extensions = DistributionExtensions(Distribution(baseURL: "http://ca.example", authority: "ca"))
        for number in 0..<300 {
            let found = try extensions[.init(crl: ["{url}/\(number).crl"], issuer: [], ocsp: [])]
            #expect(found.map(\.identifier) == [.Extension.cRLDistributionPoints])
            #expect(found[0].value.firstRange(of: Array("http://ca.example/\(number).crl".utf8)) != nil)
        }
    }

    @Test("are not there where the URLs need what there is not")
    func none() throws {
        #expect(try DistributionExtensions(.none)[Self.urls].isEmpty)
    }

    @Test("cannot be made of what is no URL, each time")
    func noURL() {
        let extensions = DistributionExtensions(Distribution(baseURL: "http://ca.example", authority: "ca"))
        for _ in 0..<2 {
            #expect { _ = try extensions[.init(crl: ["no URL"], issuer: [], ocsp: [])] } throws: { error in
                (error as? IssuanceError)?.code == .distribution
            }
        }
    }
}
