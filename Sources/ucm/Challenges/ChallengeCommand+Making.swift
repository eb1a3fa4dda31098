import AdministrationAPI
import ArgumentParser
import Foundation
import Server

/// Challenges, made one by one or many at once.
extension ChallengeCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a challenge.",
            usage: """
                ucm challenge create --device pump-4 --subject CN=pump-4.example.com
                ucm challenge create --static --label 'fleet 2027' --profile routers
                """
        )

        @Option(help: ArgumentHelp("The profile in which it is valid.", valueName: "name")) var profile = "default"
        @Flag(
            name: .customLong("static"),
            help: "Good for any number of certificates, and without an end unless --valid is given.")
        var isStatic = false
        @Option(help: ArgumentHelp("How many certificates it is good for. (default: 1)", valueName: "number"))
        var uses: Int?
        @Option(help: ArgumentHelp("How long it is good: 60m, 12h, 30d. (default: 60m)", valueName: "time"))
        var valid: TimeSpan?
        @Option(help: ArgumentHelp("What it is for.", valueName: "text")) var label = ""
        @Option(help: ArgumentHelp("The device that it is for.", valueName: "name")) var device: String?
        @Option(help: ArgumentHelp("The user that it is for.", valueName: "name")) var user: String?
        @OptionGroup(title: "What it is good for") var binding: BindingOptions
        @Option(
            help: ArgumentHelp("A file with the secret; - for standard input. (default: generated)", valueName: "file"),
            completion: .file())
        var secretFile: String?
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            if self.isStatic, self.uses != nil { throw ValidationError("--static is for any number of uses") }
        }

        func run() async throws {
            let body = try self.body
            try await self.options.administer { api in
                let made = try await api.post("challenges", body: body)
                api.show(made) {
                    print(
                        "Challenge \(made.text("id")) of the profile \(made.text("profile"))\(ChallengeText.end(made))."
                    )
                    if self.secretFile == nil { print("It is shown only now: \(made.text("secret"))") }
                    if made["maximumUses"] == .null, self.binding.body.members.isEmpty {
                        warn(
                            "a static challenge buys whoever knows it any name that the profile's rules allow: see ucm "
                                + "profile set --subject"
                        )
                    }
                }
            }
        }

        private var body: JSONObject {
            get throws {
                var body = JSONObject([("profile", .string(self.profile)), ("label", .string(self.label))])
                body["device"] = self.device.map(JSONValue.string)
                body["user"] = self.user.map(JSONValue.string)
                body["uses"] = self.isStatic ? .null : .number(self.uses)
                body["expiresAt"] =
                    self.valid.map { .date(Date().addingTimeInterval($0.seconds)) } ?? (self.isStatic ? .null : nil)
                body["secret"] = try self.secretFile.map { .string(try Files.secret($0)) }
                body["binding"] = .group(self.binding.body)
                return body
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make many challenges from a CSV file.",
            usage: "ucm challenge import pumps.csv --out pumps-with-challenges.csv",
            discussion: """
                The first line names the columns, of which any may be missing: device, user, label, uses, valid (60m, \
                12h, 30d), subject, san, template, address; several patterns in a cell are separated by semicolons. The \
                result has the same lines with the columns id and challenge before them. All are made or none; 10,000 \
                lines are the most.
                """
        )

        @Option(help: ArgumentHelp("The profile in which they are valid.", valueName: "name")) var profile = "default"
        @Option(
            help: ArgumentHelp(
                "Where the result goes, with the secrets in it; - for standard output.", valueName: "file"),
            completion: .file()) var out: String
        @Argument(help: "The CSV file; - for standard input.", completion: .file()) var file: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let table = try ChallengeTable(csv: try Files.read(self.file), profile: self.profile, at: Date())
                guard self.out != "-" else {
                    let answer = try await api.post("challenges", "batch", body: table.body)
                    return api.show(answer) { Terminal.write(table.csv(with: answer["items"]?.array ?? [])) }
                }
                // Made before the challenges: where the result cannot be written, their secrets would be lost.
                try Files.writePrivate("", to: self.out)
                do {
                    let made = try await api.post("challenges", "batch", body: table.body)["items"]?.array ?? []
                    try Files.writePrivate(table.csv(with: made), to: self.out, replacing: true)
                    api.show(["items": .array(made.map(Self.withoutSecret))]) {
                        print("\(made.count) challenges of the profile \(self.profile) are in \(self.out).")
                    }
                } catch {
                    Files.remove(self.out)
                    throw error
                }
            }
        }

        /// A challenge as it was made, whose secret is in a file that others cannot read, and nowhere else.
        private static func withoutSecret(_ made: JSONValue) -> JSONValue {
            guard case .object(var object) = made else { return made }
            object["secret"] = nil
            return .object(object)
        }
    }
}
