import AdministrationAPI
import ArgumentParser
import SCEP
import Server

/// Decisions on requests.
extension RequestCommand {
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue what requests ask for, now.",
            usage: """
                ucm request approve 17 18 19
                ucm request approve 17 --template 'Network Equipment' --days 90 --subject CN=router-7,O=Example
                """,
            discussion: """
                Where a profile asks for several approvals, the last one issues; those count together that approve the \
                same template, validity and subject.
                """
        )

        @Argument(help: "The requests' numbers.") var ids: [Int64]
        @Option(
            help: ArgumentHelp("Another template: Default, Mobile Devices or Network Equipment.", valueName: "name"))
        var template: String?
        @Option(
            help: ArgumentHelp("How long the certificate is valid, at most as the template says.", valueName: "days"))
        var days: Int?
        @Option(
            help: ArgumentHelp("Another subject, as in CN=pump-4,O=Example.", valueName: "name"),
            transform: { text in
                guard !text.isEmpty else { throw ValidationError("the subject is empty") }
                _ = try SubjectName.encoded(text)
                return text
            }
        )
        var subject: String?
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            var terms = JSONObject()
            terms["template"] = self.template.map(JSONValue.string)
            terms["validityDays"] = .number(self.days)
            terms["subject"] = self.subject.map(JSONValue.string)
            try await self.options.administer { [terms] api in
                try await api.each(of: self.ids) { id in
                    try await api.post("requests", "\(id)", "approve", body: terms)
                } write: { id, answer in
                    print(Self.sentence(id, answer))
                }
            }
        }

        private static func sentence(_ id: Int64, _ answer: JSONValue) -> String {
            answer["outcome"]?.text == "issued"
                ? "Request \(id) is approved; the certificate has the serial number \(answer.text("serialNumber"))."
                : "Request \(id) has \(answer.text("approvals")) of \(answer.text("needed")) approvals; somebody else has "
                    + "to approve it too."
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reject requests.",
            usage: "ucm request reject 20 --reason 'this device was sold'"
        )

        @Argument(help: "The requests' numbers.") var ids: [Int64]
        @Option(help: ArgumentHelp("What the device is told.", valueName: "text")) var reason: String
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard self.reason.contains(where: { !$0.isWhitespace }) else {
                throw ValidationError("the reason is empty; the device is told it")
            }
        }

        func run() async throws {
            try await self.options.administer { api in
                try await api.each(of: self.ids) { id in
                    try await api.post(
                        "requests", "\(id)", "reject", body: JSONObject([("reason", .string(self.reason))]))
                } write: { id, _ in
                    print("Request \(id) is rejected.")
                }
            }
        }
    }
}
