import TestSupport
import Testing

@testable import Server

@Suite("The address of a listener")
struct ListenAddressTests {
    @Test(
        "is PORT, HOST:PORT or [ADDRESS]:PORT",
        arguments: [
            ("8443", "0.0.0.0", 8443), ("0", "0.0.0.0", 0), ("65535", "0.0.0.0", 65_535),
            ("127.0.0.1:80", "127.0.0.1", 80), ("localhost:8080", "localhost", 8080), ("[::1]:443", "::1", 443),
            ("[2001:db8::1]:443", "2001:db8::1", 443), ("::1:443", "::1", 443), ("*:80", "*", 80),
        ]
    )
    func addresses(text: String, host: String, port: Int) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", " ", "http", ":", ":80", "host:", "host", "80:host", "65536", "-1", "99999999999999999999", "0x50",
            "8 0",
            "[]:80", "1.5", "host:80:", "+80", "host:+80", "host:-0",
        ])
    func others(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(
        "is shown as a URL",
        arguments: [
            (Listener.Scheme.https, "ca.example", 8443, "https://ca.example:8443/scep"),
            (.http, "::1", 8080, "http://[::1]:8080/scep"),
            (.http, "192.0.2.1", 80, "http://192.0.2.1:80/scep"),
        ])
    func urls(scheme: Listener.Scheme, host: String, port: Int, url: String) {
        #expect(Listener(scheme: scheme, host: host, port: port).url == url)
    }
}

@Suite("The path of a SCEP endpoint")
struct SCEPPathTests {
    @Test(
        "names a profile, with or without the tails that devices have burnt in",
        arguments: [
            ("/scep", "default"), ("/scep/", "default"), ("//scep", "default"), ("/scep/routers", "routers"),
            ("/scep/routers/", "routers"), ("/scep/pkiclient.exe", "default"),
            ("/scep/cgi-bin/pkiclient.exe", "default"), ("/scep/routers/pkiclient.exe", "routers"),
            ("/scep/routers/cgi-bin/pkiclient.exe", "routers"),
            ("/scep/routers/certsrv/mscep/mscep.dll", "routers"),
            ("/scep/routers/certsrv/mscep/mscep.dll/pkiclient.exe", "routers"), ("/pkiclient.exe", "default"),
            ("/cgi-bin/pkiclient.exe", "default"), ("/certsrv/mscep/mscep.dll", "default"),
            ("/certsrv/mscep/mscep.dll/pkiclient.exe", "default"), ("/scep/certsrv/mscep/mscep.dll", "default"),
        ]
    )
    func profiles(path: String, profile: String) {
        #expect(SCEPPath(path)?.profile == profile)
    }

    @Test(
        "is no other",
        arguments: [
            "", "/", "/scepx", "/SCEP", "/health/ready", "/scep/a/b", "/scep/a/pkiclient.exe/b", "/cgi-bin",
            "/certsrv/mscep", "/pkiclient.exe/scep", "/admin", "/scep/a/cgi-bin",
        ])
    func others(path: String) {
        #expect(SCEPPath(path) == nil)
    }
}
