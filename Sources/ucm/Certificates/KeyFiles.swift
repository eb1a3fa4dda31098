import AdministrationAPI
import Foundation
import Server

/// Files with keys, certificates and requests, as they are sent.
enum KeyFiles {
    /// What is in a file, in base64, whatever its form is.
    static func sent(_ path: String) throws -> JSONValue {
        let bytes = try Files.read(path)
        guard !bytes.isEmpty else { throw FileProblem(path: path, reason: "it is empty") }
        return .string(Data(bytes).base64EncodedString())
    }

    /// The fields in which several files are sent, and their paths.
    static func fields(_ paths: [String]) -> [(field: String, path: String)] {
        paths.enumerated().map { ("files[\($0.offset)]", $0.element) }
    }

    /// Sends files, and names the one that cannot be used.
    ///
    /// - Parameters:
    ///   - files: The fields in which they are sent, and their paths.
    ///   - body: Sends them.
    /// - Returns: What is answered.
    /// - Throws: ``FileProblem``, or what the closure throws.
    static func naming(
        _ files: [(field: String, path: String)],
        _ body: () async throws -> JSONValue
    ) async throws -> JSONValue {
        do {
            return try await body()
        } catch let failure as APIFailure {
            for (field, path) in files where failure.description.hasPrefix("\(field): ") {
                throw FileProblem(path: path, reason: Self.clause(failure.description.dropFirst(field.count + 2)))
            }
            throw failure
        }
    }

    /// A sentence as it stands behind a colon.
    private static func clause(_ sentence: Substring) -> String {
        let sentence = sentence.hasSuffix(".") ? sentence.dropLast() : sentence
        // An abbreviation keeps its capitals.
        let isWord = sentence.dropFirst().first?.isLowercase == true
        let clause = isWord ? sentence.prefix(1).lowercased() + sentence.dropFirst() : String(sentence)
        let isPasswordMissing = clause.hasSuffix("a password, which was not given")
        return clause + (isPasswordMissing ? ": put it into a file and name that with --password-file" : "")
    }
}

/// What is wrong with a file.
struct FileProblem: Error, CustomStringConvertible {
    var path: String
    var reason: String

    var description: String { "the file \(self.path) cannot be used: \(self.reason)" }
}
