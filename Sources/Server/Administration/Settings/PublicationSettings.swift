import CertificateAuthority
import Foundation
import Registry

/// Where devices find what the CAs publish, and how long it holds.
struct PublicationSettings: Hashable, Sendable {
    /// How the addresses begin that certificates name: `http://ca.example.com:8080`; nil where certificates name none.
    var baseURL: String?
    /// How long a CRL is valid, in hours; half of that before its end there is a new one.
    var revocationListHours = 168
    /// How long an OCSP response is valid, in hours.
    var statusHours = 24

    /// Makes the settings of an installation that publishes nothing yet.
    init() {}
}

extension PublicationSettings: InstallationSettings {
    static let name = "publication"
    static let title = "the settings of publication"

    private enum CodingKeys: String, CodingKey {
        case baseURL, revocationListHours, statusHours
    }

    /// Reads stored settings.
    ///
    /// - Throws: `DecodingError` where a value is none that this version knows.
    init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.baseURL = try values.decodeIfPresent(String.self, forKey: .baseURL)
        try values.update(&self.revocationListHours, .revocationListHours)
        try values.update(&self.statusHours, .statusHours)
    }
}

extension PublicationSettings {
    /// Of what a base URL is made: no query, no user, and nothing that is escaped.
    private static let baseURLCharacters = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/[]"
    )

    /// Refuses settings that make no sense.
    ///
    /// - Throws: ``AdministrationError`` that names the setting.
    func check() throws(AdministrationError) {
        for (name, hours) in [("a CRL", self.revocationListHours), ("an OCSP response", self.statusHours)]
        where !(1...8760).contains(hours) {
            throw AdministrationError("\(name) would be valid for \(hours) hours, 1 to 8760 are possible")
        }
        guard let baseURL else { return }
        // Nothing that could not be in a certificate's URLs, by which nothing could be issued any more.
        guard baseURL.unicodeScalars.allSatisfy(Self.baseURLCharacters.contains), baseURL.utf8.count <= 200,
            let components = URLComponents(string: baseURL), ["http", "https"].contains(components.scheme),
            components.host?.isEmpty == false, (1...65_535).contains(components.port ?? 80),
            baseURL.last != "/", baseURL.last != ":"
        else {
            throw AdministrationError(
                "\"\(baseURL)\" is no address under which CRLs could be: write http://ca.example.com:8080, without a "
                    + "slash at its end"
            )
        }
    }

    /// What an administrator should know; nil where there is nothing.
    var warning: String? {
        guard let baseURL, baseURL.hasPrefix("https:") else { return nil }
        return
            "clients that check the server's own certificate cannot fetch its CRL over https, and many do not try: use http"
    }
}
