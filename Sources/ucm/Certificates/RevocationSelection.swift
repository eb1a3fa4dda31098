import AdministrationAPI
import ArgumentParser
import Foundation
import Server

/// The certificates that are to be revoked: by their serial numbers, or by what they have in common.
struct RevocationSelection: ParsableArguments {
    @Argument(help: "Their serial numbers, in hexadecimal.") var serials: [String] = []
    @Option(
        help: ArgumentHelp("A file with serial numbers, one a line; - is standard input.", valueName: "file"),
        completion: .file())
    var file: String?
    @OptionGroup(title: "What they have in common") var filter: CertificateSelection
    @Flag(help: "Do it to all that have it in common, without listing them first.") var yes = false

    /// How many serial numbers are sent at once.
    private static let maximumSerials = 10_000

    private var isByNumber: Bool { !self.serials.isEmpty || self.file != nil }

    func validate() throws {
        var common = self.filter
        if self.isByNumber { common.ca = nil }
        guard self.isByNumber != !common.isEmpty else {
            throw ValidationError(
                "name serial numbers, a file with them, or what the certificates have in common: one of these")
        }
    }

    /// Revokes them and says what came of each.
    func revoke(_ why: JSONObject, _ outcome: String, _ api: AdministrationClient) async throws {
        var body = why
        if self.isByNumber {
            body["ca"] = self.filter.ca.map(JSONValue.string)
            return try self.show(try await self.revoke(try self.allSerials(), body, api), outcome, api)
        }
        for (name, value) in self.filter.body(at: Date()).members { body[name] = value }
        guard self.yes else {
            body["dryRun"] = true
            let found = try await Self.results(body, api)
            api.show(found) {
                printTable(
                    ["SERIAL NUMBER", "ENDS", "SUBJECT"],
                    found.prefix(100).map {
                        [$0.text("serialNumber"), $0.text("notAfter"), $0.text("subject", otherwise: "")]
                    }
                )
            }
            Terminal.complain("Nothing has happened yet. The same command with --yes is for these \(found.count).")
            throw ExitCode(ExitStatus.failure)
        }
        try self.show(try await Self.results(body, api), outcome, api)
    }

    private func allSerials() throws -> [String] {
        let lines = try self.file.map { String(decoding: try Files.read($0), as: UTF8.self) } ?? ""
        let listed = lines.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !(self.serials + listed).isEmpty else {
            throw FileProblem(path: self.file ?? "-", reason: "there is no serial number in it")
        }
        return self.serials + listed
    }

    /// Revokes all or, where one of them is not there, none, however many they are.
    private func revoke(
        _ serials: [String],
        _ body: JSONObject,
        _ api: AdministrationClient
    ) async throws -> [JSONValue] {
        let parts = stride(from: 0, to: serials.count, by: Self.maximumSerials).map { start in
            var part = body
            part["serialNumbers"] = .texts(Array(serials[start..<min(start + Self.maximumSerials, serials.count)]))
            return part
        }
        if parts.count > 1 {
            for var part in parts {
                part["dryRun"] = true
                _ = try await Self.results(part, api)
            }
        }
        var results: [JSONValue] = []
        for part in parts { results += try await Self.results(part, api) }
        return results
    }

    private static func results(_ body: JSONObject, _ api: AdministrationClient) async throws -> [JSONValue] {
        try await api.post("certificates", "revoke", body: body)["items"]?.array ?? []
    }

    /// Says what came of each, and fails where something did not change.
    private func show(_ results: [JSONValue], _ outcome: String, _ api: AdministrationClient) throws {
        api.show(results) {
            for result in results where result["done"]?.bool == true { printLine(result.changed(outcome)) }
        }
        let failed = results.filter { $0["done"]?.bool != true }
        for result in failed {
            Terminal.complain(
                "ucm: the certificate \(result.text("serialNumber")) (\(result.text("subject", otherwise: ""))): "
                    + result.text("problem"))
        }
        guard failed.isEmpty else { throw ExitCode(results.count == 1 ? ExitStatus.conflict : .failure) }
    }
}
