import CertificateAuthority
import Enrollment
import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("Templates that an administrator makes")
struct TemplateAdministrationTests {
    @Test("are copies that can be changed and deleted")
    func life() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await administration.createTemplate("VPN gateways", from: "network-equipment", by: "anna", at: live.now)
            {
                $0.validityDays = 397
            }
            let made = try await administration.template("vpn-gateways")
            #expect(made.template.name == "VPN gateways")
            #expect(made.template.validityDays == 397)
            #expect(made.template.extendedKeyUsage == CertificateTemplate.networkEquipment.extendedKeyUsage)
            #expect(!made.isBuiltIn)
            #expect(made.profiles.isEmpty)
            let all = try await administration.templateDescriptions()
            #expect(all.map(\.template.name) == ["Default", "Mobile Devices", "Network Equipment", "VPN gateways"])
            #expect(all.map(\.isBuiltIn) == [true, true, true, false])
            #expect(all.map(\.profiles) == [["default"], [], [], []])
            try await administration.changeTemplate("VPN GATEWAYS", by: "anna", at: live.now) {
                $0.validityDays = 10
                // Its name is not changed by that.
                $0.name = "Other"
            }
            #expect(try await administration.template("VPN gateways").template.validityDays == 10)
            let certificate = try await live.issue { $0.template = "vpn-gateways" }
            let record = try await administration.certificate(certificate.serialNumber)
            #expect(record.description.summary.template == "VPN gateways")
            #expect(record.description.summary.notAfter == live.day(10))
            try await administration.deleteTemplate("vpn gateways", by: "anna", at: live.now)
            #expect(try await administration.templateDescriptions().count == 3)
            let gone = await refusal { try await administration.template("VPN gateways") }
            #expect(gone.contains("VPN gateways"))
        }
    }

    static let refused: [(String, String, String, @Sendable (inout CertificateTemplate) -> Void)] = [
        ("already", "Default", "Default", { _ in }), ("already", "default", "Default", { _ in }),
        ("already", "Own", "Default", { _ in }), ("already", "OWN!", "Default", { _ in }),
        ("Nobody", "New", "Nobody", { _ in }), ("name", "", "Default", { _ in }), ("name", "!?", "Default", { _ in }),
        ("name", String(repeating: "x", count: 65), "Default", { _ in }), ("name", "a\u{202e}b", "Default", { _ in }),
        ("0 days", "New", "Default", { $0.validityDays = 0 }),
        ("seconds", "New", "Default", { $0.backdatingSeconds = -1 }),
        ("keyUsage", "New", "Default", { $0.keyUsage = [] }),
        ("CAs", "New", "Default", { $0.keyUsage = [.keyCertSign] }),
        ("OCSPSigning", "New", "Default", { $0.extendedKeyUsage = [.ExtendedKeyUsage.ocspSigning] }),
        ("URL", "New", "Default", { $0.crlURLs = ["nonsense"] }),
    ]

    @Test("are refused in one sentence where no certificate could be issued by them")
    func refusals() async throws {
        try await AdministrationTests.run { administration in
            try await administration.createTemplate("Own", from: "Default", by: "anna", at: TestInstallation.now) { _ in
            }
            for (word, name, original, change) in Self.refused {
                let made = await refusal {
                    try await administration.createTemplate(
                        name, from: original, by: "anna", at: TestInstallation.now, change)
                }
                #expect(made.contains(word), "\(made)")
                #expect(try await administration.templateDescriptions().count == 4)
                guard name == "New", original == "Default" else { continue }
                let changed = await refusal {
                    try await administration.changeTemplate("Own", by: "anna", at: TestInstallation.now, change)
                }
                #expect(changed.contains(word), "\(changed)")
                #expect(try await administration.template("Own").template.validityDays == 365)
            }
        }
    }

    @Test("do not replace the built-in ones, which stay as they are")
    func builtIn() async throws {
        try await AdministrationTests.run { administration in
            for name in ["Default", "mobile-devices", "NETWORK EQUIPMENT"] {
                let changed = await refusal {
                    try await administration.changeTemplate(name, by: "anna", at: TestInstallation.now) { _ in }
                }
                #expect(changed.contains("built in"))
                let deleted = await refusal {
                    try await administration.deleteTemplate(name, by: "anna", at: TestInstallation.now)
                }
                #expect(deleted.contains("built in"))
            }
        }
    }

    @Test("are not deleted while a profile, a challenge or a certificate needs them")
    func inUse() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            for name in ["Of profile", "Of challenge"] {
                try await administration.createTemplate(name, from: "Default", by: "anna", at: live.now) { _ in }
            }
            func delete(_ name: String) async throws {
                try await administration.deleteTemplate(name, by: "anna", at: live.now)
            }
            _ = try await administration.changeProfile(
                "default", authority: nil, challenge: .keep, by: "anna", at: live.now
            ) { $0.template = "of-profile" }
            var order = ChallengeOrder(profile: "default", at: live.now)
            order.binding.template = "OF CHALLENGE"
            let challenge = try await administration.createChallenges([order], by: "anna", at: live.now)[0]
            #expect(try await administration.template("Of profile").profiles == ["default"])
            let profile = await refusal { try await delete("Of profile") }
            #expect(profile.contains("default"))
            let bound = await refusal { try await delete("Of challenge") }
            #expect(bound.contains("in use"))
            // A device that was given it by its challenge is renewed by it.
            _ = try await live.served.refresh()
            let issued = try await live.installation.enrol(with: challenge.secret, at: live.now).certificates
            #expect(issued.count == 1)
            let renewable = await refusal { try await delete("Of challenge") }
            #expect(renewable.contains("in use"))
            _ = try await administration.changeProfile(
                "default", authority: nil, challenge: .keep, by: "anna", at: live.now
            ) { $0.template = "Default" }
            try await delete("Of profile")
        }
    }

    @Test("say nothing that the CA of their profile does not grant")
    func grantable() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await live.create("Clients") { $0.extendedKeyUsage = [.ExtendedKeyUsage.clientAuth] }
            try await administration.createTemplate("Own", from: "Default", by: "anna", at: live.now) { _ in }
            func create(_ template: String) async throws {
                _ = try await administration.createProfile(
                    "clients", authority: "Clients", settings: .with { $0.template = template }, challenge: .generate,
                    by: "anna", at: live.now)
            }
            let profile = await refusal { try await create("Network Equipment") }
            #expect(profile.contains("Clients") && profile.contains("Network Equipment"), "\(profile)")
            try await create("Own")
            let change = await refusal {
                try await administration.changeTemplate("Own", by: "anna", at: live.now) {
                    $0.extendedKeyUsage = [.ExtendedKeyUsage.serverAuth]
                }
            }
            #expect(change.contains("Clients") && change.contains("Own"), "\(change)")
            let issued = await refusal { try await live.issue(by: "Clients") { $0.template = "Network Equipment" } }
            #expect(issued.contains("Network Equipment"))
            _ = try await live.issue(by: "Clients") { $0.template = "Own" }
        }
    }

    @Test("that this version cannot read stand in nobody's way but their own")
    func unreadable() async throws {
        try await LiveInstallation.run { live in
            _ = try await live.registry.insert(
                TemplateRecord(name: "Future", settings: #"{"validityDays":"long"}"#), by: "anna", at: live.now)
            _ = try await live.issue()
            let sentence = await refusal { try await live.issue { $0.template = "Future" } }
            #expect(sentence.contains("Future"))
            try await live.administration.deleteTemplate("Future", by: "anna", at: live.now)
        }
    }
}
