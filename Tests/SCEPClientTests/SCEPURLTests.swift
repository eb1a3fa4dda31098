import SCEP
import Testing

@testable import SCEPClient

/// The URLs of RFC 8894 §4.1.
@Suite struct SCEPURLTests {
    @Test(arguments: [
        ("http://ca.example/scep", "http://ca.example/scep?operation=GetCACaps"),
        ("http://ca.example", "http://ca.example/cgi-bin/pkiclient.exe?operation=GetCACaps"),
        ("http://ca.example/", "http://ca.example/?operation=GetCACaps"),
        ("HTTPS://ca.example:8443/scep/routers", "https://ca.example:8443/scep/routers?operation=GetCACaps"),
        ("http://[2001:db8::1]:80/scep", "http://[2001:db8::1]:80/scep?operation=GetCACaps"),
        ("http://ca.example/a%20b", "http://ca.example/a%20b?operation=GetCACaps"),
        ("http://ca.example/scep?tenant=7", "http://ca.example/scep?tenant=7&operation=GetCACaps"),
        ("http://ca.example/scep?operation=GetCACert&message=x", "http://ca.example/scep?operation=GetCACaps"),
        ("http://ca.example/scep#x", "http://ca.example/scep?operation=GetCACaps"),
    ])
    func `the URL of an operation`(text: String, url: String) throws {
        #expect(try SCEPURL(text).url("GetCACaps") == url)
    }

    @Test(arguments: [
        "", "ca.example/scep", "ftp://ca.example/scep", "http://", "http:///scep", "http://a b/", "http://u:p@ca/",
    ])
    func `what is no URL is refused`(text: String) {
        let error = #expect(throws: SCEPClientError.self) { try SCEPURL(text) }
        #expect(error?.code == .url)
    }

    @Test func `base64 is escaped so that every server reads it`() throws {
        let url = try SCEPURL("http://ca.example/scep").url("PKIOperation", message: "+/9=")
        #expect(url == "http://ca.example/scep?operation=PKIOperation&message=%2B%2F9%3D")
        let query = String(url.split(separator: "?")[1])
        #expect(try Operation(query: query, body: nil) == .pkiOperation([0xfb, 0xff]))
    }

    @Test func `a CA's name may be anything`() throws {
        let url = try SCEPURL("http://ca.example/scep").url("GetCACert", message: "My CA & co")
        #expect(url.hasSuffix("&message=My%20CA%20%26%20co"))
    }
}
