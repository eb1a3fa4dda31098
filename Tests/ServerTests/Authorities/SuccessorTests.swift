import CertificateAuthority
import Enrollment
import Foundation
import Logging
import Registry
import SCEP
import SwiftASN1
import TestSupport
import Testing

@testable import Server

@Suite("A CA that is there and follows another one")
struct SuccessorTests {
    static let soon = TestInstallation.now.addingTimeInterval(1000)

    static func appoint(
        _ name: String,
        after old: String? = "UCM CA",
        at switchAt: Date = Self.soon,
        _ live: LiveInstallation
    ) async throws -> String {
        try await live.administration.rollover(old, to: .existing(name), switchAt: switchAt, by: "anna", at: live.now)
    }

    @Test("is announced, and takes over at its time")
    func follows() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Root")
            let next = try await live.create("Next", under: "Root")
            #expect(try await Self.appoint("next", live) == "Next")
            _ = try await live.served.refresh()
            let served = try #require(live.served.current.registrationAuthorities[Profile.defaultName])
            #expect(served.nextCertificates != nil)
            #expect(try await live.administration.authorityDescription("UCM CA").next?.name == "Next")
            let later = Self.soon.addingTimeInterval(1)
            let maintenance = Maintenance(configuration: live.served, logger: .quiet)
            try await maintenance.switchAuthorities(at: later)
            try await maintenance.followConfiguration()
            let now = try #require(live.served.current.registrationAuthorities[Profile.defaultName])
            #expect(now.authority.name == "Next")
            // The RA, the CA and those above it.
            #expect(Array(now.certificates.certificates.dropFirst()) == next.chain)
            #expect(live.served.current.authorities.standard?.name == "Next")
        }
    }

    @Test("is none that cannot do it")
    func refused() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Next")
            try await live.create("Short") { $0.validityDays = 1 }
            try await live.create("Retired")
            try await live.create("Servers") { $0.extendedKeyUsage = [.ExtendedKeyUsage.serverAuth] }
            try await live.administration.retireAuthority("Retired", by: "anna", at: live.now)
            let cases: [(String, String, Date)] = [
                ("itself", "UCM CA", Self.soon), ("itself", "ucm-ca", Self.soon), ("no CA Nobody", "Nobody", Self.soon),
                ("Retired is retired", "Retired", Self.soon), ("Short ends", "Short", live.day(1)),
                ("UCM CA ends", "Next", live.day(4000)), ("past", "Next", live.day(-1)),
                // Its certificates could not be what the profile's template says.
                ("Default", "Servers", Self.soon),
            ]
            for (word, name, switchAt) in cases {
                let sentence = await refusal { try await Self.appoint(name, at: switchAt, live) }
                #expect(sentence.contains(word), "\(sentence)")
            }
            #expect(try await live.administration.authorityDescriptions().allSatisfy { $0.next == nil })
            _ = try await live.administration.changeProfile(
                "default", authority: nil, challenge: .keep, by: "anna", at: live.now
            ) { $0.template = "Network Equipment" }
            let sentence = await refusal { try await Self.appoint("Servers", live) }
            #expect(sentence.contains("Network Equipment"))
        }
    }

    @Test("follows one only, and is followed by one only")
    func order() async throws {
        try await LiveInstallation.run { live in
            for name in ["Second", "Third"] { try await live.create(name) }
            #expect(try await Self.appoint("Second", live) == "Second")
            for (name, old) in [("Third", "UCM CA"), ("Second", "Third"), ("Third", "Second"), ("UCM CA", "Second")] {
                let sentence = await refusal { try await Self.appoint(name, after: old, live) }
                #expect(sentence.contains(old) || sentence.contains(name), "\(sentence)")
            }
            let next = try await live.administration.authorityDescriptions().map { $0.next?.name }
            #expect(next == ["Second", nil, nil])
        }
    }

    @Test("keeps profiles and templates from what it could not do")
    func templates() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Clients") { $0.extendedKeyUsage = [.ExtendedKeyUsage.clientAuth] }
            try await live.administration.createTemplate("VPN", from: "Default", by: "anna", at: live.now) { _ in }
            _ = try await live.administration.changeProfile(
                "default", authority: nil, challenge: .keep, by: "anna", at: live.now
            ) { $0.template = "VPN" }
            #expect(try await Self.appoint("Clients", live) == "Clients")
            let template = await refusal {
                try await live.administration.changeTemplate("VPN", by: "anna", at: live.now) {
                    $0.extendedKeyUsage.append(.ExtendedKeyUsage.serverAuth)
                }
            }
            #expect(template.contains("Clients") && template.contains("VPN"), "\(template)")
            let profile = await refusal {
                try await live.administration.changeProfile(
                    "default", authority: nil, challenge: .keep, by: "anna", at: live.now
                ) { $0.template = "Network Equipment" }
            }
            #expect(profile.contains("Clients") && profile.contains("Network Equipment"), "\(profile)")
            try await live.administration.changeTemplate("VPN", by: "anna", at: live.now) { $0.validityDays = 7 }
        }
    }

    @Test("is made anew for a root only")
    func belowAnother() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Below", under: "UCM CA")
            let sentence = await refusal {
                try await live.administration.rollover(
                    "Below", to: .new(name: nil, key: nil), switchAt: Self.soon, by: "anna", at: live.now)
            }
            #expect(sentence.contains("--to"))
        }
    }
}
