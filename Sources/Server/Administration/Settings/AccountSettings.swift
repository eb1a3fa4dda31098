import CertificateAuthority
import Foundation
import Registry

/// How long people stay signed in.
struct AccountSettings: Hashable, Sendable {
    /// After how many minutes without use a session is over.
    var idleMinutes = 30
    /// After how many minutes a session is over in any case.
    var absoluteMinutes = 720

    /// Makes the settings of a new installation.
    init() {}

    var idleTime: TimeInterval { TimeInterval(self.idleMinutes) * 60 }
    var absoluteTime: TimeInterval { TimeInterval(self.absoluteMinutes) * 60 }

    /// When a session is over that is not used any more.
    func end(of session: SessionRecord) -> Date {
        min(
            session.expiresAt, session.createdAt.addingTimeInterval(self.absoluteTime),
            session.lastUsedAt.addingTimeInterval(self.idleTime))
    }
}

extension AccountSettings: InstallationSettings {
    static let name = "accounts"
    static let title = "the settings of sessions"

    private enum CodingKeys: String, CodingKey {
        case idleMinutes, absoluteMinutes
    }

    /// Reads stored settings.
    ///
    /// - Throws: `DecodingError` where a value is none that this version knows.
    init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try values.update(&self.idleMinutes, .idleMinutes)
        try values.update(&self.absoluteMinutes, .absoluteMinutes)
    }

    /// Refuses settings that make no sense.
    func check() throws(AdministrationError) {
        // The last use is written once a minute, so less than a few minutes could not be told.
        for (field, minutes) in [("idleMinutes", self.idleMinutes), ("absoluteMinutes", self.absoluteMinutes)]
        where !(5...43_200).contains(minutes) {
            throw AdministrationError("\(field) has to be 5 to 43200 (30 days), not \(minutes)", field: field)
        }
        guard self.idleMinutes <= self.absoluteMinutes else {
            throw AdministrationError("idleMinutes cannot be more than absoluteMinutes", field: "idleMinutes")
        }
    }
}

extension AccountTransaction {
    /// The settings as they are set.
    func accountSettings() throws -> AccountSettings {
        try AccountSettings(stored: self.setting(AccountSettings.name))
    }
}
