import Enrollment
import Foundation
import Registry
import TestSupport
import Testing

@testable import Server

@Suite("Where devices find what CAs publish")
struct PublicationSettingsTests {
    static let urls: [(url: String, isPossible: Bool)] = [
        ("http://ca.example.com", true), ("http://ca.example.com:8080", true), ("https://ca.example.com", true),
        ("http://192.0.2.7", true), ("http://[2001:db8::1]:8080", true), ("http://ca.example.com/pki", true),
        ("http://ca.example.com/", false), ("ftp://ca.example.com", false), ("ldap://ca.example.com", false),
        ("ca.example.com", false), ("//ca.example.com", false), ("http://", false), ("http:", false), ("", false),
        ("http:///crl", false), ("http://ca.example.com?x=1", false), ("http://ca.example.com#x", false),
        ("http://anna@ca.example.com", false), ("http://ca.example.com\n", false), ("http://ca example.com", false),
        ("http://größe.example", false), ("javascript:alert(1)", false),
        ("http://" + String(repeating: "a", count: 200), false), ("http://ca.example.com:99999", false),
        ("http://ca.example.com:0", false), ("http://ca.example.com:", false),
        ("http://ca.example.com/{ca}", false), ("http://ca.example.com/%zz", false),
    ]

    @Test("is an address of HTTP, and nothing else", arguments: Self.urls.indices)
    func addresses(row: Int) {
        let (url, isPossible) = Self.urls[row]
        var settings = PublicationSettings()
        settings.baseURL = url
        var refused: AdministrationError?
        do throws(AdministrationError) { try settings.check() } catch { refused = error }
        #expect((refused == nil) == isPossible, "\(url)")
        if let refused { #expect(refused.description.contains("\"\(url)\"")) }
    }

    static let hours: [(hours: Int, isPossible: Bool)] = [
        (Int.min, false), (-1, false), (0, false), (1, true), (8760, true), (8761, false), (Int.max, false),
    ]

    @Test("holds for an hour to a year", arguments: Self.hours.indices)
    func validities(row: Int) {
        let (hours, isPossible) = Self.hours[row]
        for path in [\PublicationSettings.revocationListHours, \.statusHours] {
            var settings = PublicationSettings()
            settings[keyPath: path] = hours
            #expect(((try? settings.check()) != nil) == isPossible)
        }
    }

    @Test("is in certificates from now on, and refused settings change nothing")
    func changed() async throws {
        try await LiveInstallation.run { live in
            let before = try await live.administration.settings(PublicationSettings.self)
            let sentence = await refusal {
                try await live.administration.change(PublicationSettings.self, by: "anna", at: live.now) {
                    $0.statusHours = 3
                    $0.baseURL = "nonsense"
                }
            }
            #expect(sentence.contains("nonsense"))
            #expect(try await live.administration.settings(PublicationSettings.self) == before)
            let old = try await live.issue()
            try await live.administration.change(PublicationSettings.self, by: "anna", at: live.now) {
                $0.baseURL = "https://ca.example.com"
            }
            let changed = try await live.administration.settings(PublicationSettings.self)
            #expect(changed.warning?.contains("https") == true)
            let new = try await live.issue("CN=new")
            for url in ["https://ca.example.com/crl/ucm-ca.crl", "https://ca.example.com/ca/ucm-ca.cer"] {
                #expect(Data(old.certificate).range(of: Data(url.utf8)) == nil)
                #expect(Data(new.certificate).range(of: Data(url.utf8)) != nil)
            }
            #expect(Data(new.certificate).range(of: Data("https://ca.example.com/ocsp".utf8)) != nil)
        }
    }
}
