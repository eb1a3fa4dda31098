import Foundation
import TestSupport
import Testing

@testable import ucm

/// The file of `ucm login`.
@Suite struct LoginTests {
    private static let login = Login(
        url: "https://ca.test:8443", user: "alice", token: "secret", tokenNumber: 7, certificates: "PEM")

    private static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `is read as it was kept, and is its owner's alone`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/ucm/login.json"
            try Self.login.store(at: path)
            #expect(try Self.mode(path) == 0o600)
            #expect(try Self.mode(directory + "/ucm") == 0o700)
            #expect(try Login.stored(at: path) == Self.login)
        }
    }

    @Test func `takes the place of the one before, whatever its mode was`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/login.json"
            try Data("old".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
            var login = Self.login
            login.certificates = nil
            try login.store(at: path)
            #expect(try Self.mode(path) == 0o600)
            #expect(try Login.stored(at: path) == login)
        }
    }

    @Test(arguments: [0o604, 0o640, 0o644, 0o660])
    func `is not used where others can read or write it`(mode: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/login.json"
            try Self.login.store(at: path)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(throws: FileProblem.self) { try Login.stored(at: path) }
        }
    }

    @Test func `is not there before somebody has signed in`() throws {
        #expect(try Login.stored(at: "/nonexistent/login.json") == nil)
    }

    @Test(arguments: ["", "{", "[]", #"{"url":"https://ca.test"}"#, #"{"url":1,"token":"x"}"#, "\u{0}"])
    func `is not made of anything else`(content: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/login.json"
            try Files.writePrivate(content, to: path)
            #expect(throws: FileProblem.self) { try Login.stored(at: path) }
        }
    }

    @Test(arguments: [
        (["UCM_LOGIN_FILE": "/a", "XDG_CONFIG_HOME": "/b", "HOME": "/c"], "/a"),
        (["XDG_CONFIG_HOME": "/b", "HOME": "/c"], "/b/ucm/login.json"),
        (["UCM_LOGIN_FILE": "", "XDG_CONFIG_HOME": "", "HOME": "/c"], "/c/.config/ucm/login.json"),
    ])
    func `is where variables say`(environment: [String: String], path: String) {
        #expect(Login.path(in: environment) == path)
    }
}
