import CertificateAuthority
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("Which CAs are used")
struct AuthorityUseTests {
    static let soon = TestInstallation.now.addingTimeInterval(100)

    @Test("is no retired one, which may be reinstated")
    func retired() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await live.create("Old")
            func retire(_ name: String) async throws {
                try await administration.retireAuthority(name, by: "anna", at: live.now)
            }
            let refusals: [(String, String)] = [
                ("Nobody", "no CA Nobody"), ("UCM CA", "default one"), ("ucm-ca", "UCM CA"),
            ]
            for (name, word) in refusals {
                let sentence = await refusal { try await retire(name) }
                #expect(sentence.contains(word), "\(sentence)")
            }
            try await retire("old")
            _ = try await live.served.refresh()
            #expect(try live.authority("Old").isRetired)
            #expect(try await administration.authorityDescription("Old").retiredAt == live.now)
            let again = await refusal { try await retire("Old") }
            #expect(again.contains("retired already"))
            let issued = await refusal { try await live.issue(by: "Old") }
            #expect(issued.contains("Old is retired"))
            let profile = await refusal {
                try await administration.createProfile(
                    "routers", authority: "Old", settings: ProfileSettings(), challenge: .generate, by: "anna",
                    at: live.now)
            }
            #expect(profile.contains("Old is retired"))
            let standard = await refusal {
                try await administration.setDefaultAuthority("Old", by: "anna", at: live.now)
            }
            #expect(standard.contains("Old is retired"))
            try await administration.reinstateAuthority("Old", by: "anna", at: live.now)
            let reinstated = await refusal {
                try await administration.reinstateAuthority("Old", by: "anna", at: live.now)
            }
            #expect(reinstated.contains("not retired"))
            _ = try await live.issue(by: "Old")
        }
    }

    @Test("is retired only where no profile needs it, and no rollover")
    func needed() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await live.create("Next")
            try await administration.setDefaultAuthority("Next", by: "anna", at: live.now)
            let profile = await refusal {
                try await administration.retireAuthority("UCM CA", by: "anna", at: live.now)
            }
            #expect(profile.contains("default"))
            _ = try await administration.changeProfile(
                "default", authority: "Next", challenge: .keep, by: "anna", at: live.now
            ) { _ in }
            try await live.create("Third")
            _ = try await administration.rollover(
                "UCM CA", to: .existing("Third"), switchAt: Self.soon, by: "anna", at: live.now)
            for name in ["UCM CA", "Third"] {
                let sentence = await refusal {
                    try await administration.retireAuthority(name, by: "anna", at: live.now)
                }
                #expect(sentence.contains("rollover"), "\(sentence)")
            }
            let later = Self.soon.addingTimeInterval(1)
            _ = try await live.registry.switchAuthorities(at: later)
            try await administration.retireAuthority("UCM CA", by: "anna", at: later)
            try await administration.retireAuthority("Third", by: "anna", at: later)
            _ = try await live.served.refresh()
            #expect(live.served.current.authorities.standard?.name == "Next")
        }
    }

    @Test("is the default one where none is named")
    func standard() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await live.create("Second")
            #expect(try await administration.authorityDescription(nil).name == "UCM CA")
            try await administration.setDefaultAuthority("second", by: "anna", at: live.now)
            try await administration.setDefaultAuthority("Second", by: "anna", at: live.now)
            #expect(try await administration.authorityDescription(nil).name == "Second")
            let certificate = try await live.issue()
            #expect(certificate.chain == (try live.authority("Second").chain))
            _ = try await administration.createProfile(
                "routers", authority: nil, settings: ProfileSettings(), challenge: .generate, by: "anna", at: live.now)
            #expect(try await administration.authorityDescription("Second").profiles == ["routers"])
            for name in ["Nobody", ""] {
                let sentence = await refusal {
                    try await administration.setDefaultAuthority(name, by: "anna", at: live.now)
                }
                #expect(sentence.contains("no CA"))
                let shown = await refusal { try await administration.authorityDescription(name) }
                #expect(shown.contains("no CA"))
            }
        }
    }

    @Test("is none that has handed over")
    func followed() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await live.create("Next")
            _ = try await administration.rollover(
                "UCM CA", to: .existing("Next"), switchAt: Self.soon, by: "anna", at: live.now)
            let later = Self.soon.addingTimeInterval(1)
            _ = try await live.registry.switchAuthorities(at: later)
            _ = try await live.served.refresh()
            #expect(live.served.current.authorities.standard?.name == "Next")
            let sentence = await refusal {
                try await administration.setDefaultAuthority("UCM CA", by: "anna", at: later)
            }
            #expect(sentence.contains("handed over"))
            let profile = await refusal {
                try await administration.createProfile(
                    "routers", authority: "UCM CA", settings: ProfileSettings(), challenge: .generate, by: "anna",
                    at: later)
            }
            #expect(profile.contains("handed over") && profile.contains("Next"))
            try await administration.retireAuthority("UCM CA", by: "anna", at: later)
        }
    }

    @Test("has no CRL before a server has made it")
    func withoutList() async throws {
        try await LiveInstallation.run { live in
            let sentence = await refusal { try await live.administration.revocationList(of: nil) }
            #expect(sentence.contains("UCM CA") && sentence.contains("no CRL"))
            try await live.publish()
            #expect(try await live.administration.revocationList(of: nil) == live.list().encoded)
            #expect(try await live.administration.revocationList(of: "ucm-ca") == live.list().encoded)
        }
    }
}
