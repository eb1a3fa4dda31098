import AdministrationAPI
import ArgumentParser
import CertificateAuthority
import Server
import SwiftASN1

/// The settings of a template that a command sets; what is not given stays as it is.
struct TemplateOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How long a certificate is valid.", valueName: "days"))
    var validityDays: Int?

    @Option(
        help: ArgumentHelp(
            "How far its start is put back, for devices whose clocks are late: 5m, 1h.", valueName: "time"))
    var backdating: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "What the key may be used for, separated by commas: digitalSignature, contentCommitment, keyEncipherment, "
                + "dataEncipherment, keyAgreement.",
            valueName: "list"
        )
    )
    var keyUsage: KeyUsageList?

    @Option(
        help: ArgumentHelp(
            "A purpose: clientAuth, serverAuth, emailProtection, ipsecIKE, …, or an OID. Can be repeated; off for none.",
            valueName: "purpose"
        ),
        transform: RuleList.item
    )
    var purpose: [RuleList<Purpose>] = []

    @Option(
        help: ArgumentHelp(
            "The subject: requested, or what it is built from, 'CN={CN}, OU=Devices, O=Example'. {CN}, {O}, {serialNumber} … "
                + "are the requested subject's, {DNS}, {email}, {UPN}, {URI}, {IP} the first such SAN; {OU?} may be absent.",
            valueName: "subject"
        ),
        transform: SubjectPolicy.init(parsing:)
    )
    var subject: SubjectPolicy?

    @Option(
        help: ArgumentHelp(
            "Which SANs a certificate gets: DNS:*.example.com, email:*@example.com, URI:https://example.com/**, "
                + "IP:10.0.0.0/8, UPN:*@example.com. Can be repeated; any for all that are requested, none for none.",
            valueName: "pattern"
        ),
        transform: AlternativeNameItem.item
    )
    var san: [AlternativeNameItem] = []

    @Option(help: ArgumentHelp("What becomes of other SANs.", valueName: "drop|refuse"))
    var otherSans: Excess?

    @Option(
        help: ArgumentHelp(
            "Which keys are certified: rsa, rsa3072 (so many bits or more), ec, p256, p384, p521. Can be repeated; off "
                + "for any.",
            valueName: "kind"
        ),
        transform: RuleList.item
    )
    var key: [RuleList<KeyRequirement>] = []

    @Option(
        help: ArgumentHelp(
            "An extension of the request that the certificate gets: its OID, or ms-template, ms-template-name, ms-sid. Can be "
                + "repeated; off for none.",
            valueName: "oid"
        ),
        transform: PassedExtension.item
    )
    var passExtension: [PassedExtension] = []

    @Option(
        help: ArgumentHelp(
            "What becomes of requests to be a CA, to sign certificates or to sign OCSP responses.",
            valueName: "drop|refuse"))
    var authorityRequests: Excess?

    @Option(help: ArgumentHelp("What becomes of other critical extensions of a request.", valueName: "drop|refuse"))
    var criticalExtensions: Excess?

    @Option(
        help: ArgumentHelp(
            "Where the CRL is; {url} is the one of ucm publication, {ca} the CA's address. Can be repeated; off for none.",
            valueName: "url"
        )
    )
    var crlUrl: [String] = []

    @Option(help: ArgumentHelp("Where the CA's certificate is; can be repeated; off for none.", valueName: "url"))
    var issuerUrl: [String] = []

    @Option(help: ArgumentHelp("Where OCSP is answered; can be repeated; off for none.", valueName: "url"))
    var ocspUrl: [String] = []

    @Option(
        help: ArgumentHelp(
            "A certificate policy: an OID, or OID=URL with its practice statement. Can be repeated; off for none.",
            valueName: "policy"
        ),
        transform: PolicyItem.item
    )
    var policy: [PolicyItem] = []

    func validate() throws {
        let words = self.san.count { $0.isWord }
        guard words == 0 || self.san.count == 1 else {
            throw ValidationError("--san any and --san none stand alone")
        }
    }

    /// What is sent of the settings that are given.
    var body: JSONObject {
        var body = JSONObject()
        body["validityDays"] = .number(self.validityDays)
        body["backdatingSeconds"] = .number(self.backdating.map { Int($0.seconds) })
        body["keyUsage"] = self.keyUsage.map { .texts($0.usages.map(\.name).sorted()) }
        body["extendedKeyUsage"] = RuleList.json(self.purpose)
        body["subject"] = self.subject.map { .string("\($0)") }
        var sans = JSONObject()
        sans["allowed"] = AlternativeNameItem.json(self.san)
        sans["others"] = .word(self.otherSans)
        body["sans"] = .group(sans)
        body["keys"] = RuleList.json(self.key)
        if !self.passExtension.isEmpty {
            body["passedExtensions"] = .texts(self.passExtension.compactMap(\.identifier?.dotNotation))
        }
        body["authorityRequests"] = .word(self.authorityRequests)
        body["criticalExtensions"] = .word(self.criticalExtensions)
        body["crlURLs"] = Self.urls(self.crlUrl)
        body["issuerURLs"] = Self.urls(self.issuerUrl)
        body["ocspURLs"] = Self.urls(self.ocspUrl)
        body["policies"] = PolicyItem.json(self.policy)
        return body
    }

    private static func urls(_ given: [String]) -> JSONValue? {
        given.isEmpty ? nil : .texts(given.filter { $0 != "off" })
    }
}

/// The bits of keyUsage as they are written.
struct KeyUsageList: ExpressibleByArgument {
    let usages: Set<CertificateTemplate.KeyUsage>

    init?(argument: String) {
        var usages: Set<CertificateTemplate.KeyUsage> = []
        for word in argument.split(separator: ",") {
            let usage = CertificateTemplate.KeyUsage.allCases.first { $0.name.lowercased() == word.lowercased() }
            guard let usage else { return nil }
            usages.insert(usage)
        }
        self.usages = usages
    }
}

extension CertificateTemplate.KeyUsage {
    /// The name in RFC 5280.
    var name: String { "\(self)" }
}

/// A pattern for SANs, or "any", or "none".
enum AlternativeNameItem: Sendable {
    case pattern(AlternativeNamePattern)
    case any
    case none

    /// Whether it is a word instead of a pattern.
    var isWord: Bool {
        if case .pattern = self { return false }
        return true
    }

    static func item(_ text: String) throws -> AlternativeNameItem {
        switch text {
        case "any": .any
        case "none": .none
        default: .pattern(try AlternativeNamePattern(parsing: text))
        }
    }

    /// What is sent of the patterns, null for all names; nil where nothing was given.
    static func json(_ items: [AlternativeNameItem]) -> JSONValue? {
        guard !items.isEmpty else { return nil }
        var patterns: [String] = []
        for item in items {
            switch item {
            case .any: return .null
            case .none: break
            case .pattern(let pattern): patterns.append("\(pattern)")
            }
        }
        return .texts(patterns)
    }
}

/// A certificate policy, or "off".
struct PolicyItem: Sendable {
    /// nil for "off".
    let policy: CertificatePolicy?

    static func item(_ text: String) throws -> PolicyItem {
        guard text != "off" else { return PolicyItem(policy: nil) }
        let parts = text.split(separator: "=", maxSplits: 1)
        guard let identifier = ASN1ObjectIdentifier(dotNotation: String(parts.first ?? "")) else {
            throw ValidationError("\"\(text)\" is no policy: it is an object identifier with dots, 1.3.6.1.4.1.99999.1")
        }
        return PolicyItem(policy: CertificatePolicy(identifier, cps: parts.count == 2 ? String(parts[1]) : nil))
    }

    /// What is sent of policies; nil where none were given.
    static func json(_ items: [PolicyItem]) -> JSONValue? {
        guard !items.isEmpty else { return nil }
        return .texts(items.compactMap(\.policy).map { $0.identifier.dotNotation + ($0.cps.map { "=\($0)" } ?? "") })
    }
}

/// An extension that is let through, or "off".
struct PassedExtension: Sendable {
    /// nil for "off".
    let identifier: ASN1ObjectIdentifier?

    static func item(_ text: String) throws -> PassedExtension {
        switch text {
        case "off": PassedExtension(identifier: nil)
        case "ms-template-name": PassedExtension(identifier: [1, 3, 6, 1, 4, 1, 311, 20, 2])
        case "ms-template": PassedExtension(identifier: [1, 3, 6, 1, 4, 1, 311, 21, 7])
        case "ms-sid": PassedExtension(identifier: [1, 3, 6, 1, 4, 1, 311, 25, 2])
        default:
            if let identifier = ASN1ObjectIdentifier(dotNotation: text) {
                PassedExtension(identifier: identifier)
            } else {
                throw ValidationError(
                    "\"\(text)\" is no extension: it is ms-template, ms-template-name, ms-sid or an object identifier with dots"
                )
            }
        }
    }
}
