import ArgumentParser
import Foundation
import Registry
import Server

/// Which entries of the audit log.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only those of this profile.", valueName: "name")) var profile: String?
    @Option(
        help: ArgumentHelp("Only those of this kind: issued, refused, approved… Can be repeated.", valueName: "kind"))
    var kind: [EventKind] = []
    @Option(
        help: ArgumentHelp("Only what this user did, at the command line or not. Can be repeated.", valueName: "name"))
    var who: [String] = []
    @Option(help: ArgumentHelp("Only those about this, such as \"profile vpn\" or \"CA UCM CA\".", valueName: "thing"))
    var object: String?
    @Option(help: ArgumentHelp("Only those of this request.", valueName: "number")) var request: Int64?
    @Option(help: ArgumentHelp("Only those of this challenge.", valueName: "number")) var challenge: Int64?
    @Option(help: ArgumentHelp("Only those of this certificate.", valueName: "number")) var certificate: Int64?
    @Option(help: ArgumentHelp("Only those about a device at this address.", valueName: "address"))
    var address: String?
    @Option(help: ArgumentHelp("Only those with this text in them.", valueName: "text")) var text: String?
    @OptionGroup var period: PeriodOptions

    /// The parameters of the query.
    var query: [(String, String?)] {
        [
            ("profile", self.profile), ("kind", Self.list(self.kind.map(\.rawValue))), ("address", self.address),
            ("actor", Self.list(self.who)), ("object", self.object), ("request", self.request.map { "\($0)" }),
            ("challenge", self.challenge.map { "\($0)" }), ("certificate", self.certificate.map { "\($0)" }),
            ("q", self.text),
        ] + self.period.query
    }

    private static func list(_ texts: [String]) -> String? { texts.isEmpty ? nil : texts.joined(separator: ",") }
}
