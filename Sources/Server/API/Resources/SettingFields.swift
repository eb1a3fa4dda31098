import AdministrationAPI
import Enrollment
import Foundation

/// Settings of the whole installation in the API.
enum SettingFields {
    static let limits = FieldSet<LimitSettings>([
        Field(
            "failuresPerMinute", \.failuresPerMinute, .integer(1...1_000_000),
            "How many refused requests an address may send in a minute."),
        Field(
            "requestsPerMinute", \.requestsPerMinute, .optional(.integer(1...1_000_000)),
            "How many requests of any kind; null for any number."),
        Field("crlsPerMinute", \.revocationListsPerMinute, .integer(1...1_000_000), "How many CRLs through SCEP."),
        Field(
            "guessesUntilSlowed", \.guessesUntilSlowed, .integer(1...99),
            "After how many different wrong challenges an address has to wait."),
        Field(
            "guessesUntilLocked", \.guessesUntilLocked, .integer(2...100),
            "After how many no challenge of it is looked at any more."),
        Field("lockMinutes", \.lockMinutes, .integer(1...1440), "For how many minutes a wrong challenge counts."),
        Field(
            "guessesUntilAlarm", \.guessesUntilAlarm, .integer(1...1_000_000),
            "After how many in an hour, from wherever, an alarm is raised."),
    ])

    static let publication = FieldSet<PublicationSettings>([
        Field(
            "url", \.baseURL, .optional(.text(1...200)),
            "How the addresses begin that certificates name; null where they name none.",
            example: "http://ca.example.com:8080"),
        Field("crlHours", \.revocationListHours, .integer(1...8760), "How long a CRL is valid."),
        Field("ocspHours", \.statusHours, .integer(1...8760), "How long an OCSP response is valid."),
        .answered("warning", .optional(.anyText), "What an administrator should know of them.") { $0.warning },
    ])

    static let sessions = FieldSet<AccountSettings>([
        Field("idleMinutes", \.idleMinutes, .integer(5...43_200), "After how many minutes without use a session ends."),
        Field(
            "absoluteMinutes", \.absoluteMinutes, .integer(5...43_200), "After how many minutes it ends in any case."),
    ])

    static let passwords = FieldSet<PasswordPolicy>([
        Field(
            "minimumLength", \.minimumLength, .integer(PasswordPolicy.possibleMinimums),
            "How many characters a password has at least.")
    ])

    static let address = FieldSet<GuessingAddressDescription>([
        .answered("address", .anyText, "The address, or the IPv6 network of 64 bits.") { $0.address },
        .answered("guesses", .integer(0...Int.max), "How many different wrong challenges count.") { $0.guesses },
        .answered("latest", .date, "When the latest one came.") { $0.latest },
        .answered("profiles", .list(of: .anyText, 0...Int.max), "At which profiles.") { $0.profiles },
        .answered("waitsUntil", .optional(.date), "Until when no challenge of it is looked at.") { $0.waitsUntil },
    ])
}
