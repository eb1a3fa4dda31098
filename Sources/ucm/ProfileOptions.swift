import AdministrationAPI
import ArgumentParser
import Enrollment
import SCEP
import Server

/// The settings of a profile that a command sets; what is not given stays as it is.
struct ProfileOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The CA that issues. (default: the default one)", valueName: "name"))
    var ca: String?

    @Option(
        help: ArgumentHelp(
            "Who answers: a registration authority with its own key, or the CA itself.", valueName: "ra|ca"))
    var mode: ProfileSettings.Mode?

    @Option(help: ArgumentHelp("How old algorithms may be.", valueName: "level"))
    var algorithmLevel: AlgorithmLevel?

    @Option(
        help: ArgumentHelp(
            "What the certificates look like: Default, Mobile Devices, Network Equipment, or one of ucm template create.",
            valueName: "name"))
    var template: String?

    @Option(help: ArgumentHelp("Whether devices are answered at all.", valueName: "yes|no"))
    var enabled: Choice?

    @Option(help: ArgumentHelp("Whether everybody may enrol, without a challenge.", valueName: "yes|no"))
    var open: Choice?

    @Option(
        help: ArgumentHelp(
            "Whether what the rules grant is issued at once, or waits for ucm request approve.",
            valueName: "automatic|manual"))
    var approval: ProfileSettings.Approval?

    @OptionGroup(title: "Rules")
    var rules: RuleOptions

    @OptionGroup(title: "Queue")
    var queue: QueueOptions

    @Option(
        help: ArgumentHelp(
            "What GetCACert gives: complete (RA, CA and its parents) or authority (the CA alone).", valueName: "which"))
    var publishedCertificates: ProfileSettings.PublishedCertificates?

    @Option(
        help: ArgumentHelp("What a device gets: its certificate, or also the CA's.", valueName: "leaf|chain"))
    var replyChain: ProfileSettings.ReplyChain?

    @Option(
        help: ArgumentHelp(
            "What GetCACaps lists, separated by commas; default for what follows from the other settings.",
            valueName: "list"
        )
    )
    var capabilities: CapabilityList?

    @Option(help: ArgumentHelp("Answer SHA-1 with SHA-1 instead of SHA-256.", valueName: "yes|no"))
    var mirrorSha1: Choice?

    @Option(help: ArgumentHelp("Answer single DES with single DES instead of AES-128.", valueName: "yes|no"))
    var mirrorDes: Choice?

    @Option(help: ArgumentHelp("How many seconds a signingTime may be off, or off.", valueName: "seconds"))
    var signingTimeTolerance: NumberOrOff?

    @Option(help: ArgumentHelp("Whether certificates may renew themselves.", valueName: "yes|no"))
    var renewal: Choice?

    @Option(
        help: ArgumentHelp(
            "The last part of its life in which a certificate may be renewed, or off.", valueName: "percent"))
    var renewalWindow: NumberOrOff?

    @Option(help: ArgumentHelp("How long after its end a certificate may still be renewed.", valueName: "days"))
    var renewalGrace: Int?

    @Option(help: ArgumentHelp("Whether a renewal needs a challenge besides.", valueName: "yes|no"))
    var renewalChallenge: Choice?

    @Option(help: ArgumentHelp("Whether the renewed certificate is revoked.", valueName: "yes|no"))
    var renewalRevokesOld: Choice?

    /// What is sent of the settings that are given.
    var body: JSONObject {
        var body = JSONObject()
        body["ca"] = self.ca.map(JSONValue.string)
        body["mode"] = .word(self.mode)
        body["algorithmLevel"] = .word(self.algorithmLevel)
        body["template"] = self.template.map(JSONValue.string)
        body["enabled"] = self.enabled?.json
        body["open"] = self.open?.json
        body["approval"] = .word(self.approval)
        body["rules"] = .group(self.rules.body)
        body["queue"] = .group(self.queue.body)
        body["publishedCertificates"] = .word(self.publishedCertificates)
        body["replyChain"] = .word(self.replyChain)
        body["capabilities"] = self.capabilities.map { list in
            list.capabilities.map { .array($0.map { .string($0.rawValue) }) } ?? .null
        }
        body["mirrorSHA1"] = self.mirrorSha1?.json
        body["mirrorDES"] = self.mirrorDes?.json
        body["signingTimeTolerance"] = self.signingTimeTolerance?.json
        var renewal = JSONObject()
        renewal["allowed"] = self.renewal?.json
        renewal["windowPercent"] = self.renewalWindow?.json
        renewal["graceDays"] = .number(self.renewalGrace)
        renewal["requiresChallenge"] = self.renewalChallenge?.json
        renewal["revokesOld"] = self.renewalRevokesOld?.json
        body["renewal"] = .group(renewal)
        return body
    }
}

/// How requests wait for approval.
struct QueueOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many different people have to approve a request.", valueName: "number"))
    var approvals: Int?

    @Option(help: ArgumentHelp("How long a request waits before it is given up.", valueName: "days"))
    var queueDays: Int?

    @Option(help: ArgumentHelp("How many requests may wait.", valueName: "number"))
    var queueLimit: Int?

    @Option(help: ArgumentHelp("How many requests of one address may wait.", valueName: "number"))
    var queueLimitPerAddress: Int?

    var body: JSONObject {
        var body = JSONObject()
        body["approvals"] = .number(self.approvals)
        body["days"] = .number(self.queueDays)
        body["limit"] = .number(self.queueLimit)
        body["limitPerAddress"] = .number(self.queueLimitPerAddress)
        return body
    }
}

/// Changes a setting that is given.
func set<Value>(_ value: inout Value, _ given: Value?) {
    if let given { value = given }
}

/// A switch that can also be left alone.
enum Choice: String, ExpressibleByArgument, CaseIterable {
    case yes
    case no

    var isYes: Bool { self == .yes }
    var json: JSONValue { .bool(self.isYes) }
}

/// A number, or "off".
struct NumberOrOff: ExpressibleByArgument {
    /// nil for "off".
    let number: Int?

    init?(argument: String) {
        if argument == "off" {
            self.number = nil
        } else {
            guard let number = Int(argument) else { return nil }
            self.number = number
        }
    }

    var json: JSONValue { self.number.map { .integer(Int64($0)) } ?? .null }
}

/// A list of capabilities, or "default".
struct CapabilityList: ExpressibleByArgument {
    /// nil for "default".
    let capabilities: [Capability]?

    init?(argument: String) {
        if argument == "default" {
            self.capabilities = nil
            return
        }
        var all: [Capability] = []
        for word in argument.split(separator: ",") {
            guard let capability = Capability.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() })
            else { return nil }
            all.append(capability)
        }
        self.capabilities = all
    }
}
