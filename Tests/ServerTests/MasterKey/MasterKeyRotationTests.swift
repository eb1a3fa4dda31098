import CertificateAuthority
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("Another master key")
struct MasterKeyRotationTests {
    static let now = TestInstallation.now
    static let passphrase = "correct horse battery"

    /// How an installation is opened after its key was changed.
    enum Way: CaseIterable {
        case inPlace
        case file
        case passphrase
    }

    static func rotate(
        _ test: TestInstallation,
        to successor: MasterKeyRotation.Successor,
        _ flags: [String: String] = [:]
    ) async throws -> String {
        try await MasterKeyRotation(try await test.configuration(flags)).run(to: successor, by: "anna", at: Self.now)
    }

    /// What waits while the key is changed.
    struct Waiting {
        var challenge: String
        var dynamic: String
        var request: Int64
        var authority: [[UInt8]]
        var codes: TOTP
    }

    /// Makes something of everything that is sealed or digested.
    static func prepare(_ test: TestInstallation) async throws -> Waiting {
        let installation = try await test.open()
        defer { try? installation.registry.close() }
        let administration = try await Administration(try await test.configuration())
        defer { try? administration.close() }
        let challenge = try #require(installation.secrets?.challenge)
        let order = ChallengeOrder(profile: Profile.defaultName, at: Self.now)
        let dynamic = try await administration.createChallenges([order], by: "anna", at: Self.now)[0].secret
        _ = try await administration.changeProfile(
            Profile.defaultName, authority: nil, challenge: .keep, by: "anna", at: Self.now
        ) { $0.approval = .manual }
        _ = try await installation.configuration.refresh()
        let request = try #require(
            try await installation.enrol(transactionID: "waits", at: Self.now).exchange.request)
        _ = try await administration.changeProfile(
            Profile.defaultName, authority: nil, challenge: .keep, by: "anna", at: Self.now
        ) { $0.approval = .automatic }
        var authority = AuthorityOrder(name: "Awaited")
        authority.key = .p256
        let asked = try await administration.requestAuthority(authority, by: "anna", at: Self.now)
        let chain = try await administration.signAuthority(asked, AuthorityOrder(name: ""), by: "anna", at: Self.now)
        let people = People(administration: administration)
        let codes = try await people.setUpCodes(try await people.enter("alice")).0
        return Waiting(challenge: challenge, dynamic: dynamic, request: request, authority: chain, codes: codes)
    }

    /// Uses all of it.
    static func check(_ waiting: Waiting, _ test: TestInstallation, _ flags: [String: String]) async throws {
        let installation = try await test.open(flags)
        defer { try? installation.registry.close() }
        let administration = try await Administration(try await test.configuration(flags))
        defer { try? administration.close() }
        for (number, secret) in [waiting.challenge, waiting.dynamic].enumerated() {
            let enrolled = try await installation.enrol(with: secret, transactionID: "\(number)", at: Self.now)
            #expect(enrolled.certificates.count == 1)
        }
        let wrong = try await installation.enrol(with: "wrong", transactionID: "wrong", at: Self.now)
        #expect(wrong.certificates.isEmpty)
        let approved = try await administration.approve(waiting.request, by: "anna", at: Self.now)
        guard case .issued = approved else {
            Issue.record("one approval is enough")
            return
        }
        let file = try KeyFile(Array(CertificateBundle(waiting.authority).pem.utf8), password: nil)
        try await administration.installAuthority("Awaited", files: [file], by: "anna", at: Self.now)
        _ = try await installation.configuration.refresh()
        #expect(installation.configuration.current.authorities.all.map(\.name) == ["UCM CA", "Awaited"])
        let kinds = try await administration.events(EventFilter(kinds: [.masterKeyRotated]), limit: 9).map(\.actor)
        #expect(!kinds.isEmpty)
        // The same codes are needed as before.
        let people = People(administration: administration)
        let code = waiting.codes.code(step: TOTP.step(at: People.now) + 1)
        #expect(try await people.refusal("alice") == .codeNeeded)
        #expect(try await people.refusal("alice", code: code) == nil)
        // Challenges that are made now are good too.
        let order = ChallengeOrder(profile: Profile.defaultName, at: Self.now)
        let made = try await administration.createChallenges([order], by: "anna", at: Self.now)[0].secret
        _ = try await installation.configuration.refresh()
        #expect(try await installation.enrol(with: made, transactionID: "new", at: Self.now).certificates.count == 1)
    }

    @Test("opens everything that the old one did, and the old one nothing", arguments: Way.allCases)
    func rotated(way: Way) async throws {
        try await TestInstallation.run { test in
            let waiting = try await Self.prepare(test)
            let old = try String(contentsOfFile: test.masterKeyFile, encoding: .utf8)
            var flags: [String: String] = [:]
            let next = test.directory + "/next.key"
            switch way {
            case .inPlace: #expect(try await Self.rotate(test, to: .inPlace).contains(test.masterKeyFile))
            case .file:
                #expect(try await Self.rotate(test, to: .file(next)).contains(next))
                flags = ["master-key-file": next]
            case .passphrase:
                _ = try await Self.rotate(test, to: .passphrase(Self.passphrase))
                flags = ["master-passphrase-file": try test.file("passphrase", Self.passphrase)]
            }
            let oldFile = try test.file("old", old)
            let sentence = try await startupError { try await test.start(["master-key-file": oldFile]) }
            #expect(sentence.contains("nothing was changed"))
            #expect(!FileManager.default.fileExists(atPath: test.masterKeyFile + ".new"))
            if way == .inPlace {
                #expect(try String(contentsOfFile: test.masterKeyFile, encoding: .utf8) != old)
                let mode = try FileManager.default.attributesOfItem(atPath: test.masterKeyFile)[.posixPermissions]
                #expect(mode as? Int == 0o600)
            }
            try await Self.check(waiting, test, flags)
        }
    }

    @Test("may follow another one, in every way, and challenges stay good")
    func severalTimes() async throws {
        try await TestInstallation.run { test in
            let waiting = try await Self.prepare(test)
            let (one, two) = (test.directory + "/1.key", test.directory + "/2.key")
            let passphrase = try test.file("passphrase", Self.passphrase)
            _ = try await Self.rotate(test, to: .inPlace)
            _ = try await Self.rotate(test, to: .file(one))
            _ = try await Self.rotate(test, to: .passphrase(Self.passphrase), ["master-key-file": one])
            let noFile = await refusal {
                try await Self.rotate(test, to: .inPlace, ["master-passphrase-file": passphrase])
            }
            #expect(noFile.contains("--new-key-file"))
            // The same passphrase again has another salt.
            _ = try await Self.rotate(test, to: .passphrase(Self.passphrase), ["master-passphrase-file": passphrase])
            _ = try await Self.rotate(test, to: .file(two), ["master-passphrase-file": passphrase])
            _ = try await Self.rotate(test, to: .inPlace, ["master-key-file": two])
            try await Self.check(waiting, test, ["master-key-file": two])
        }
    }

    @Test("is not made where it cannot be kept, nor where the present one is not right")
    func refused() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let before = try test.databaseDigest()
            let there = try test.file("there", "x")
            let cases: [(String, MasterKeyRotation.Successor)] = [
                (there, .file(there)), (test.masterKeyFile, .file(test.masterKeyFile)),
                ("nowhere", .file(test.directory + "/nowhere/key")), ("12", .passphrase("short")),
                ("12", .passphrase("")),
            ]
            for (word, successor) in cases {
                let sentence = await refusal { try await Self.rotate(test, to: successor) }
                #expect(sentence.contains(word), "\(sentence)")
            }
            let empty = await refusal { try await Self.rotate(test, to: .inPlace, ["data": test.directory + "/other"]) }
            #expect(empty.contains("no installation"))
            #expect(!FileManager.default.fileExists(atPath: test.directory + "/other"))
            #expect(try String(contentsOfFile: there, encoding: .utf8) == "x")
            #expect(try test.databaseDigest() == before)
            #expect(try await test.start() == nil)
        }
    }

    @Test("is not made while a server or a command has the present one in memory, and none of these starts meanwhile")
    func inUse() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let key = try String(contentsOfFile: test.masterKeyFile, encoding: .utf8)
            let configuration = try await test.configuration()
            do {
                let server = try await test.open()
                let sentence = await refusal { try await Self.rotate(test, to: .inPlace) }
                #expect(sentence.contains("in use"))
                try server.registry.close()
                withExtendedLifetime(server) {}
            }
            do {
                let command = try await Administration(configuration)
                let sentence = await refusal { try await Self.rotate(test, to: .inPlace) }
                #expect(sentence.contains("in use"))
                // Another command is in nobody's way.
                let other = try await Administration(configuration)
                try other.close()
                try command.close()
                withExtendedLifetime((command, other)) {}
            }
            do {
                let lock = try InstallationLock(.exclusive, in: test.directory)
                let server = await refusal { try await test.start() }
                let command = await refusal { try await Administration(configuration) }
                let rotation = await refusal { try await Self.rotate(test, to: .inPlace) }
                #expect(server.contains("try again") && command.contains("try again"))
                #expect(rotation.contains("in use"))
                withExtendedLifetime(lock) {}
            }
            #expect(try String(contentsOfFile: test.masterKeyFile, encoding: .utf8) == key)
            _ = try await Self.rotate(test, to: .inPlace)
            #expect(try await test.start() == nil)
        }
    }
}
