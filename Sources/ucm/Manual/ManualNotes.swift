import AdministrationAPI

/// What manual pages say of variables and files, which no command describes itself.
struct ManualNotes {
    /// A variable or file, what is said of it, and on which pages.
    struct Note {
        var name: String
        var meaning: String
        /// The option that a page describes where this belongs to it.
        var option: String
        /// The pages on which it is besides.
        var pages: Set<String> = []
    }

    /// The variables that are no option's.
    static let variables = [
        Note(
            name: "UCM_SERVER",
            meaning: "The server to which commands go, in the place of --server.", option: "server"),
        Note(
            name: "UCM_TOKEN",
            meaning: "The API token for the server of --server or UCM_SERVER, in the place of --token-file.",
            option: "token-file"),
        Note(
            name: "UCM_LOGIN_FILE",
            meaning: "The file in which ucm login keeps the server and the token.", option: "server",
            pages: ["ucm-login", "ucm-logout"]),
        Note(
            name: "XDG_CONFIG_HOME",
            meaning: "Where that file is while UCM_LOGIN_FILE is not set, in ucm/login.json; otherwise ~/.config.",
            option: "server", pages: ["ucm-login", "ucm-logout"]),
        Note(
            name: "UCM_MASTER_KEY",
            meaning: "The master key itself, as base64. At most one of this and the other three ways to it may be set.",
            option: "master-key-file"),
        Note(
            name: "UCM_MASTER_PASSPHRASE",
            meaning: "The passphrase from which the master key is derived.", option: "master-passphrase-file"),
        Note(
            name: "UCM_METRICS_TOKEN",
            meaning: "The token that reads /metrics over HTTPS.", option: "metrics-token-file"),
        Note(
            name: "SUDO_USER",
            meaning: "Who is recorded behind sudo(8) for what is done to a data directory.", option: "data"),
        Note(
            name: "NO_COLOR",
            meaning: "Where it is set and not empty, nothing is coloured. Only a terminal gets colour anyway.",
            option: "output"),
        Note(name: "TERM", meaning: "Nothing is coloured where it is dumb.", option: "output"),
    ]

    /// The files that are found by themselves.
    static let files = [
        Note(
            name: "ucm.yaml",
            meaning: "In the data directory: the settings of ucm serve, by the names of its options.", option: "config"),
        Note(
            name: "ucm.sqlite",
            meaning:
                "In the data directory: everything that is recorded. ucm.sqlite-wal and ucm.sqlite-shm belong to it.",
            option: "data"),
        Note(
            name: "master.key",
            meaning:
                "In the data directory: the key under which all private keys are encrypted, unless it comes from elsewhere.",
            option: "master-key-file"),
        Note(
            name: "~/.config/ucm/login.json",
            meaning: "The server and the API token of ucm login, readable for its owner only.", option: "server",
            pages: ["ucm-login", "ucm-logout"]),
    ]

    /// What stands in front of the list of commands.
    static let introduction = """
        UCM is a certificate authority for devices that speak SCEP. ucm serve is the server; the other commands administer an \
        installation, and ucm scep is a client for any SCEP server.
        """

    /// How commands reach what they administer.
    static let connection = """
        A command goes to the server that --server or UCM_SERVER names, with the token of --token-file or UCM_TOKEN; or, where \
        none is named, to the one of ucm login. With --data or UCM_DATA, and where nobody has signed in, it works on the data \
        directory itself, beside a server that runs or not; whoever can open the directory needs no token.
        """

    /// How answers are written.
    static let output = """
        Tables and sentences are for people. --output json writes what the API answers, for programs, and nothing else to \
        standard output; warnings and errors go to standard error. States are coloured on a terminal.
        """

    /// The variable that sets an option.
    static func variable(of option: String) -> String {
        "UCM_" + option.uppercased().replacing("-", with: "_")
    }
}
