import AdministrationAPI
import ArgumentParser
import CertificateAuthority
import Server

extension CertificateCommand {
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke certificates.",
            usage: """
                ucm certificate revoke 3fa0c1 --reason keyCompromise --note 'laptop stolen'
                ucm certificate revoke --device phone-17 --reason cessationOfOperation
                ucm certificate revoke --file serials.txt --reason superseded
                """,
            discussion: """
                They are on the CRL within a second while a server runs, and OCSP says so. A revocation cannot be taken back: \
                ucm certificate hold can. What has something in common is listed and counted first; --yes revokes it.
                """
        )

        @OptionGroup var which: RevocationSelection
        @Option(
            help: ArgumentHelp(
                "Why: unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation or "
                    + "privilegeWithdrawn; for CAs also cACompromise.",
                valueName: "reason"
            )
        )
        var reason: RevocationReason = .unspecified
        @Option(
            help: ArgumentHelp(
                "Since when they should not have been relied on: 2027-01-31T12:00:00Z.", valueName: "time"))
        var invalidSince: PointInTime?
        @Option(help: ArgumentHelp("Why, in words, for the record.", valueName: "text")) var note = ""
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard self.reason != .certificateHold else {
                throw ValidationError("ucm certificate hold puts certificates on hold")
            }
        }

        func run() async throws {
            var why = JSONObject([("reason", .string(self.reason.name)), ("note", .string(self.note))])
            why["invalidityDate"] = self.invalidSince.map { .date($0.date) }
            try await self.options.administer { [why] api in try await self.which.revoke(why, "is revoked", api) }
        }
    }

    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put certificates on hold: they count as revoked until they are released.")

        @OptionGroup var which: RevocationSelection
        @Option(help: ArgumentHelp("Why, in words, for the record.", valueName: "text")) var note = ""
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            let why = JSONObject([
                ("reason", .string(RevocationReason.certificateHold.name)), ("note", .string(self.note)),
            ])
            try await self.options.administer { api in try await self.which.revoke(why, "is on hold", api) }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make certificates valid again that are on hold.")

        @Argument(help: "Their serial numbers.") var serials: [String]
        @Option(help: ArgumentHelp("Their CA, where two have issued the same serial number.", valueName: "name"))
        var ca: String?
        @Option(help: ArgumentHelp("Why, in words, for the record.", valueName: "text")) var note = ""
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                // A single one ends with why it failed.
                if self.serials.count == 1, let serial = self.serials.first {
                    return self.show([try await self.release(serial, api)], api)
                }
                var released: [JSONValue] = []
                var failure: (any Error)?
                do {
                    try await eachOf(self.serials) { released.append(try await self.release($0, api)) }
                } catch {
                    failure = error
                }
                self.show(released, api)
                if let failure { throw failure }
            }
        }

        private func release(_ serial: String, _ api: AdministrationClient) async throws -> JSONValue {
            try await api.post(
                "certificates", serial, "release", query: [("ca", self.ca)],
                body: JSONObject([("note", .string(self.note))]))
        }

        private func show(_ released: [JSONValue], _ api: AdministrationClient) {
            api.show(released) {
                for certificate in released { printLine(certificate.changed("is valid again")) }
            }
        }
    }
}

extension JSONValue {
    /// What has become of a certificate, in a sentence.
    func changed(_ outcome: String) -> String {
        "The certificate \(self.text("serialNumber")) (\(self.text("subject", otherwise: ""))) \(outcome)."
    }
}
