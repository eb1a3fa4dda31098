/// The settings of the whole installation, in the groups in which the API has them.
enum SystemSettings {
    /// A group that is changed by one form.
    struct Group: Sendable {
        /// Its name in the API, below `/settings`.
        var name: String
        var group: SettingGroup
        /// Who may change it.
        var writing: String
        /// What is said above the fields.
        var lead: String?
    }

    static let limits = Group(
        name: "limits",
        group: SettingGroup(
            title: "What is borne from one address",
            settings: [
                Setting(
                    "requestsPerMinute", "Requests in a minute", .number, hint: "Of any kind. Empty: any number."),
                Setting("failuresPerMinute", "Refused requests in a minute", .number),
                Setting("crlsPerMinute", "CRLs through SCEP in a minute", .number),
                Setting(
                    "guessesUntilSlowed", "Wrong challenges until it has to wait", .number,
                    hint: "Different ones: a device that repeats its own does not guess."),
                Setting(
                    "guessesUntilLocked", "Wrong challenges until it is locked", .number,
                    hint: "Then no challenge of it is looked at any more, also no right one."),
                Setting("lockMinutes", "Minutes for which a wrong challenge counts", .number),
                Setting(
                    "guessesUntilAlarm", "Wrong challenges in an hour until an alarm", .number,
                    hint: "From wherever they come. It is in the audit log."),
            ]), writing: "settings:write")

    static let publication = Group(
        name: "publication",
        group: SettingGroup(
            title: "Where devices find what the CAs publish",
            settings: [
                Setting(
                    "url", "URL in certificates", .text,
                    hint:
                        "How the addresses of CRLs and OCSP begin: `http://ca.example.com:8080`. Empty: certificates name none."
                ),
                Setting(
                    "crlHours", "Hours for which a CRL is valid", .number,
                    hint: "There is a new one after half of them, and after every revocation."),
                Setting("ocspHours", "Hours for which an OCSP response is valid", .number),
            ]), writing: "settings:write",
        lead: "Certificates keep what was set when they were issued.")

    static let sessions = Group(
        name: "sessions",
        group: SettingGroup(
            title: "Sessions",
            settings: [
                Setting("idleMinutes", "Minutes without use until one ends", .number),
                Setting("absoluteMinutes", "Minutes until one ends in any case", .number),
            ]), writing: "settings:write")

    static let passwords = Group(
        name: "passwords",
        group: SettingGroup(
            title: "Passwords",
            settings: [
                Setting(
                    "minimumLength", "Characters at least", .number,
                    hint: "12 to 64; it holds for passwords that are set from now on.")
            ]), writing: "settings:write")

    static let audit = Group(
        name: "audit",
        group: SettingGroup(
            title: "How long the audit log is kept",
            settings: [
                Setting(
                    "days", "Days", .number,
                    hint: "Older entries are forgotten; what is left can still be verified. Empty: for good.")
            ]), writing: "audit:delete")
}
