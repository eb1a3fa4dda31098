import Foundation
import SwiftASN1
import Testing

/// Messages of real devices and other projects, which are not part of this repository, and what we say of each.
enum VectorFiles {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    /// Where the messages are: beside the package, if they are there at all.
    static let messages = Self.tests.appendingPathComponent("../../../shared/vectors").standardizedFileURL

    /// Where the declared outcomes are: `Vectors/<folder>/<name>.expect`.
    static let outcomes = Self.tests.appendingPathComponent("Vectors")

    static var areHere: Bool {
        FileManager.default.fileExists(atPath: Self.messages.appendingPathComponent("INDEX.md").path)
    }

    /// The relative paths of the files below a folder.
    static func paths(in folder: URL) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return all.filter { path in
            var isFolder: ObjCBool = false
            let path = folder.appendingPathComponent(path).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }

    /// The bytes of a message: the file itself, or the block of a PEM file with a name.
    static func bytes(_ path: String, block: String? = nil) throws -> [UInt8] {
        let data = try Data(contentsOf: Self.messages.appendingPathComponent(path))
        guard data.starts(with: Array("-----BEGIN".utf8)) else { return Array(data) }
        let documents = try PEMDocument.parseMultiple(pemString: String(decoding: data, as: UTF8.self))
        guard let document = documents.first(where: { block == nil || $0.discriminator.hasSuffix(block ?? "") }) else {
            throw VectorError(reason: "\(path) has no block \(block ?? "")")
        }
        return document.derBytes
    }
}

struct VectorError: Error {
    var reason: String
}

/// What is declared of one message: lines of `key: value`, and lines that start with `#` for people.
struct VectorOutcome: CustomTestStringConvertible, Sendable {
    /// The path of the message.
    var message: String
    /// The fields that say what to do: which kind of message it is, and files that go with it.
    var inputs: [String: String] = [:]
    /// The fields that say what has to come out.
    var fields: [String: String] = [:]

    var testDescription: String { self.message }

    private static let inputNames: Set<String> = ["file", "kind", "key", "certificate", "answers", "content"]

    init(path: String) throws {
        let text = try String(contentsOf: VectorFiles.outcomes.appendingPathComponent(path), encoding: .utf8)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard let name = parts.first, parts.count == 2, self.inputs[name] == nil, self.fields[name] == nil else {
                throw VectorError(reason: "\(path): not one `key: value`: \(line)")
            }
            if Self.inputNames.contains(name) { self.inputs[name] = parts[1] } else { self.fields[name] = parts[1] }
        }
        guard let file = self.inputs["file"] else { throw VectorError(reason: "\(path) names no file") }
        self.message = file
    }

    /// All declared outcomes, read when the tests are listed; a file that cannot be read fails the test of the files.
    static let all: [VectorOutcome] = VectorFiles.paths(in: VectorFiles.outcomes).compactMap {
        try? VectorOutcome(path: $0)
    }
}
