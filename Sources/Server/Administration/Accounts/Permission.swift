import Foundation

/// Something that an account may do, by the name that scopes of tokens and the API use.
public enum Permission: String, Hashable, Sendable, CaseIterable, Codable {
    /// See profiles.
    case readProfiles = "profiles:read"
    /// Make, change and delete profiles.
    case writeProfiles = "profiles:write"
    /// See challenges.
    case readChallenges = "challenges:read"
    /// Make and revoke challenges.
    case writeChallenges = "challenges:write"
    /// See requests.
    case readRequests = "requests:read"
    /// Approve and reject requests.
    case decideRequests = "requests:decide"
    /// See certificates.
    case readCertificates = "certificates:read"
    /// Issue and renew certificates by hand.
    case issueCertificates = "certificates:issue"
    /// Revoke, hold and release certificates.
    case revokeCertificates = "certificates:revoke"
    /// See CAs.
    case readAuthorities = "authorities:read"
    /// Make, change and retire CAs.
    case writeAuthorities = "authorities:write"
    /// See templates.
    case readTemplates = "templates:read"
    /// Make, change and delete templates.
    case writeTemplates = "templates:write"
    /// See CRLs.
    case readRevocationLists = "crls:read"
    /// See accounts.
    case readUsers = "users:read"
    /// Make, change and delete accounts.
    case writeUsers = "users:write"
    /// See the audit log.
    case readAudit = "audit:read"
    /// Delete from the audit log.
    case deleteAudit = "audit:delete"
    /// See settings.
    case readSettings = "settings:read"
    /// Change settings.
    case writeSettings = "settings:write"
    /// See statistics.
    case readStatistics = "statistics:read"
    /// See how the server does.
    case readSystem = "system:read"
    /// Make backups.
    case backUpSystem = "system:backup"
    /// Read the metrics.
    case readMetrics = "metrics:read"

    /// What it permits, in a line.
    public var summary: String {
        switch self {
        case .readProfiles: "see profiles and their rules"
        case .writeProfiles: "make, change and delete profiles"
        case .readChallenges: "see challenges, without their secrets"
        case .writeChallenges: "make and revoke challenges"
        case .readRequests: "see requests and what the rules said of them"
        case .decideRequests: "approve and reject requests that wait"
        case .readCertificates: "see and download certificates"
        case .issueCertificates: "issue and renew certificates by hand"
        case .revokeCertificates: "revoke certificates, put them on hold and release them"
        case .readAuthorities: "see CAs and their certificates"
        case .writeAuthorities: "make, import, change, roll over and retire CAs"
        case .readTemplates: "see templates"
        case .writeTemplates: "make, change and delete templates"
        case .readRevocationLists: "see and download CRLs"
        case .readUsers: "see accounts, roles, sessions and tokens of everybody"
        case .writeUsers: "make, change and delete accounts and roles, end sessions and revoke tokens of everybody"
        case .readAudit: "see, verify and export the audit log"
        case .deleteAudit: "delete old entries of the audit log"
        case .readSettings: "see the settings of the installation"
        case .writeSettings: "change the settings of the installation"
        case .readStatistics: "see statistics"
        case .readSystem: "see how the server does: health, versions, log"
        case .backUpSystem: "make backups, which have all keys in them"
        case .readMetrics: "read the metrics"
        }
    }

    /// Whether it lets somebody see something and change nothing.
    public var isReading: Bool { self.rawValue.hasSuffix(":read") }
}

extension Set<Permission> {
    /// The permissions in the order in which they are listed everywhere.
    public var listed: [Permission] { Permission.allCases.filter(self.contains) }

    /// Their names, for a sentence.
    var names: String { self.listed.map(\.rawValue).joined(separator: ", ") }

    /// Reads what ``json`` wrote; names that this version does not know permit nothing.
    init(json: String) throws {
        let names = try JSONDecoder().decode([String].self, from: Data(json.utf8))
        self.init(names.compactMap(Permission.init(rawValue:)))
    }

    /// The permissions as they are stored: a JSON array of their names.
    var json: String { "[" + self.listed.map { "\"\($0.rawValue)\"" }.joined(separator: ",") + "]" }
}
