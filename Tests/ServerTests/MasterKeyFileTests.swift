import CertificateAuthority
import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("The master key of an installation")
struct MasterKeyFileTests {
    static let key = Data(MasterKey.generate()).base64EncodedString()

    @Test("is made on the first run, in a file of its own")
    func isMade() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let text = try String(contentsOfFile: test.masterKeyFile, encoding: .utf8)
            #expect(text.hasSuffix("\n"))
            #expect(Data(base64Encoded: text.trimmingCharacters(in: .newlines))?.count == 32)
            #expect(try await test.start() == nil)
        }
    }

    @Test("may come from the environment or another file, and is then not made")
    func fromElsewhere() async throws {
        try await TestInstallation.run { test in
            try await test.start(environment: ["UCM_MASTER_KEY": Self.key])
            #expect(!FileManager.default.fileExists(atPath: test.masterKeyFile))
            let file = try test.file("key", Self.key)
            #expect(try await test.start(["master-key-file": file]) == nil)
        }
    }

    @Test("that is missing stops a later run, and no new one is made")
    func missing() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            try FileManager.default.removeItem(atPath: test.masterKeyFile)
            let sentence = try await startupError { try await test.start() }
            #expect(sentence.contains(test.masterKeyFile))
            #expect(sentence.contains("missing"))
            #expect(!FileManager.default.fileExists(atPath: test.masterKeyFile))
        }
    }

    @Test("named by a flag has to be there, also on the first run")
    func missingFile() async throws {
        try await TestInstallation.run { test in
            let sentence = try await startupError { try await test.start(["master-key-file": test.directory + ".key"]) }
            #expect(sentence.contains(test.directory + ".key"))
        }
    }

    @Test("that is another one stops a later run")
    func wrong() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let before = try test.databaseDigest()
            let sentence = try await startupError {
                try await test.start(environment: ["UCM_MASTER_KEY": Self.key])
            }
            #expect(sentence.contains("UCM_MASTER_KEY"))
            #expect(sentence.contains("private key of the CA UCM CA"))
            #expect(try test.databaseDigest() == before)
        }
    }

    @Test("that others can read is refused, with the cure", arguments: [0o644, 0o640, 0o604, 0o660, 0o601])
    func tooOpen(mode: Int) async throws {
        try await TestInstallation.run { test in
            try await test.start()
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: test.masterKeyFile)
            let sentence = try await startupError { try await test.start() }
            #expect(sentence.hasSuffix("chmod 600 \(test.masterKeyFile)"))
        }
    }

    @Test("that is none is refused", arguments: ["", "secret", "AAAA", "not base64!"])
    func damaged(text: String) async throws {
        try await TestInstallation.run { test in
            let file = try test.file("key", text)
            let inFile = try await startupError { try await test.start(["master-key-file": file]) }
            #expect(inFile.contains(file))
            #expect(text.isEmpty || !inFile.contains(text))
            if !text.isEmpty {
                let sentence = try await startupError { try await test.start(environment: ["UCM_MASTER_KEY": text]) }
                #expect(sentence.hasPrefix("UCM_MASTER_KEY"))
                #expect(!sentence.contains(text))
            }
        }
    }

    @Test("cannot be kept in a directory that cannot be made")
    func unwritable() async throws {
        try await TestInstallation.run { test in
            let file = try test.file("file", "")
            let sentence = try await startupError { try await test.start(["data": file + "/data"]) }
            #expect(sentence.contains(file + "/data"))
            #expect(!sentence.contains("\n"))
        }
    }
}
