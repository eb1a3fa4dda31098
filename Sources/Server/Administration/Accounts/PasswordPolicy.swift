import CertificateAuthority
import Registry

/// What a password has to be.
struct PasswordPolicy: Hashable, Sendable {
    /// How many characters it has at least.
    var minimumLength = Self.possibleMinimums.lowerBound

    /// How short the shortest password may be allowed to be: never shorter than 12.
    static let possibleMinimums = 12...64
    /// How many characters a password has at most.
    static let maximumLength = 256

    /// Makes the policy of a new installation.
    init() {}
}

extension PasswordPolicy: InstallationSettings {
    static let name = "password-policy"
    static let title = "the rules for passwords"

    private enum CodingKeys: String, CodingKey {
        case minimumLength
    }

    /// Reads a stored policy.
    ///
    /// - Throws: `DecodingError` where a value is none that this version knows.
    init(from decoder: any Decoder) throws {
        self.init()
        try decoder.container(keyedBy: CodingKeys.self).update(&self.minimumLength, .minimumLength)
    }

    /// Refuses a policy that makes no sense.
    func check() throws(AdministrationError) {
        guard Self.possibleMinimums.contains(self.minimumLength) else {
            throw AdministrationError(
                "the shortest password has \(Self.possibleMinimums.lowerBound) to \(Self.possibleMinimums.upperBound) "
                    + "characters, not \(self.minimumLength)",
                field: "minimumLength"
            )
        }
    }
}

extension PasswordPolicy {
    /// Words that come first to whoever guesses, in small letters.
    private static let common = [
        "administrator", "certificate", "qwertyuiop", "qwertzuiop", "password", "passwort", "kennwort", "passphrase",
        "changeme", "iloveyou", "superman", "sunshine", "princess", "football", "baseball", "trustno", "welcome",
        "letmein", "default", "company", "monkey", "dragon", "master", "shadow", "secret", "summer", "winter",
        "spring", "autumn", "qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn", "admin", "login", "hello", "guest",
        "login", "geheim", "access", "system", "server", "scep", "root", "user", "test", "pass", "asdf", "abcd", "ucm",
    ]
    /// What people write for letters.
    private static let lookalikes: [Character: Character] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "+": "t",
    ]

    /// Refuses a password that is too short, or that is guessed first.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - name: Whose.
    ///   - field: What it is called in the API.
    /// - Throws: ``AdministrationError`` that names the field and never the password.
    func check(_ password: String, of name: String, field: String) throws(AdministrationError) {
        let password = PasswordHash.normalized(password)
        // Characters as people count them are at least as few as scalars, of which a bound is a bound of bytes.
        guard password.count >= self.minimumLength, password.unicodeScalars.count <= Self.maximumLength else {
            throw AdministrationError(
                "a password has \(self.minimumLength) to \(Self.maximumLength) characters", field: field)
        }
        guard password.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw AdministrationError("a password has no control characters", field: field)
        }
        let small = password.lowercased()
        guard Set(small).count >= 5, !Self.isRun(small) else {
            throw AdministrationError(
                "the password is a row or a repetition of few characters, which is guessed first", field: field)
        }
        let alike = String(small.map { Self.lookalikes[$0] ?? $0 })
        guard ![small, alike].contains(where: { Self.isGuessable($0, name: name.lowercased()) }) else {
            throw AdministrationError(
                "the password is little more than the user's name or a common word, which is guessed first: take several "
                    + "words that do not belong together",
                field: field
            )
        }
    }

    /// Whether hardly anything stays of a password where the name and common words are taken out.
    private static func isGuessable(_ text: String, name: String) -> Bool {
        var rest = text
        // A part of an address is as well known as the whole.
        let names = ([name] + name.split(whereSeparator: { "@.-_+".contains($0) }).map(String.init))
            .filter { $0.count >= 3 }.sorted { $0.count > $1.count }
        for word in names + Self.common { rest = rest.replacing(word, with: " ") }
        return rest != text && rest.count { $0.isLetter } < 4
    }

    /// Whether most characters follow the one before in the alphabet, or repeat it.
    private static func isRun(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = zip(values, values.dropFirst()).count { abs($1 - $0) <= 1 }
        return steps * 5 >= (values.count - 1) * 4
    }
}

extension AccountTransaction {
    /// The policy as it is set.
    func passwordPolicy() throws -> PasswordPolicy {
        try self.setting(PasswordPolicy.name).map(PasswordPolicy.init(json:)) ?? PasswordPolicy()
    }
}
