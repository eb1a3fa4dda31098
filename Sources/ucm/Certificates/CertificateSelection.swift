import AdministrationAPI
import ArgumentParser
import Foundation
import Registry
import Server

/// What certificates have in common.
struct CertificateSelection: ParsableArguments {
    @Option(help: ArgumentHelp("The CA that issued them.", valueName: "name")) var ca: String?
    @Option(help: ArgumentHelp("The profile through which they came.", valueName: "name")) var profile: String?
    @Option(help: ArgumentHelp("The template by which they were made.", valueName: "name")) var template: String?
    @Option(
        help: ArgumentHelp(
            "How they came to be issued: scep, manual, authority (CAs) or service (the installation's own). (default: the first "
                + "three)",
            valueName: "origin"))
    var origin: CertificateOrigin?
    @Option(help: ArgumentHelp("One of their names, whole: the common name or a SAN, in any case.", valueName: "name"))
    var name: String?
    @Option(help: ArgumentHelp("A part of their subject or names, in any case.", valueName: "text")) var search: String?
    @Option(help: ArgumentHelp("The device that their challenge was made for.", valueName: "name")) var device: String?
    @Option(help: ArgumentHelp("Those that end within this time: 30d.", valueName: "time")) var endingIn: TimeSpan?
    @Option(help: ArgumentHelp("Those issued at this time or later: 2027-01-31T12:00:00Z.", valueName: "time"))
    var issuedSince: PointInTime?
    @Option(help: ArgumentHelp("Those issued before this time.", valueName: "time")) var issuedBefore: PointInTime?

    /// Whether nothing is said.
    var isEmpty: Bool { self.origin == nil && self.members(at: Date()).allSatisfy { $0.1 == nil } }

    /// What is sent in the query of a list.
    func query(at now: Date) -> [(String, String?)] {
        // The installation's own renew themselves, and are in the way here.
        self.members(at: now) + [("origin", self.origin?.rawValue ?? "scep,manual,authority")]
    }

    /// What is sent to change all of them.
    func body(at now: Date) -> JSONObject {
        var body = JSONObject()
        for (name, value) in self.members(at: now) { body[name] = value.map(JSONValue.string) }
        body["origin"] = self.origin.map { .texts([$0.rawValue]) }
        return body
    }

    private func members(at now: Date) -> [(String, String?)] {
        [
            ("ca", self.ca), ("profile", self.profile), ("template", self.template), ("name", self.name),
            ("q", self.search), ("device", self.device), ("endsAfter", self.endingIn.map { _ in APIDate.text(now) }),
            ("endsBefore", self.endingIn.map { APIDate.text(now.addingTimeInterval($0.seconds)) }),
            ("issuedSince", self.issuedSince.map { APIDate.text($0.date) }),
            ("issuedBefore", self.issuedBefore.map { APIDate.text($0.date) }),
        ]
    }
}
