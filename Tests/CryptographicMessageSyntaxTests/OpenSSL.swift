import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// The openssl command, with a directory of its own: another implementation to agree with.
struct OpenSSL {
    /// What went wrong, in openssl's words.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static let isInstalled = Self.path != nil

    private let directory: URL

    /// Gives openssl to a closure.
    static func with<T>(_ body: (OpenSSL) throws -> T) throws -> T {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("ucm-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try body(OpenSSL(directory: directory))
    }

    /// Writes files, by their names in the directory.
    func write(_ files: [String: [UInt8]]) throws {
        for (name, bytes) in files { try Data(bytes).write(to: self.directory.appendingPathComponent(name)) }
    }

    /// Reads a file by its name in the directory.
    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: self.directory.appendingPathComponent(name)))
    }

    /// Runs a command, its words separated by spaces, in the directory.
    func run(_ command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let log = self.directory.appendingPathComponent("log").path
        let status = try Program.run(Self.path ?? "openssl", words, in: self.directory.path, output: log)
        guard status == 0 else {
            let text = String(decoding: try self.read("log"), as: UTF8.self)
            throw Failure(description: "openssl \(command) ended with \(status): \(text)")
        }
    }
}

extension OpenSSL {
    /// Signs content as CMS with a key and a certificate that is given along.
    ///
    /// - Parameters:
    ///   - content: The content.
    ///   - key: The key as PKCS#8.
    ///   - certificate: Its certificate.
    ///   - options: Further options of `openssl cms -sign`.
    /// - Returns: The message.
    /// - Throws: ``Failure`` with openssl's words.
    static func signed(
        _ content: [UInt8] = Examples.content,
        key: [UInt8],
        certificate: SignerCertificate,
        _ options: String = ""
    ) throws -> SignedData {
        try Self.with { openssl in
            try openssl.write(["content": content, "key": key, "certificate": certificate.encoded])
            try openssl.run(
                "cms -sign -binary -nodetach -in content -outform DER -out message -signer certificate -inkey key "
                    + "-keyform DER \(options)"
            )
            return try SignedData(berEncoded: try openssl.read("message"))
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test visibly where openssl is not installed.
    static var needsOpenSSL: Self {
        .enabled(if: OpenSSL.isInstalled, "needs the openssl command")
    }
}
