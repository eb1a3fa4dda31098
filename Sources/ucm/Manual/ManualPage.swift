import Server

/// A manual page of a command, or of the program, made from what the commands say of themselves.
struct ManualPage {
    /// The file's name.
    let name: String
    /// What is in it.
    let source: String

    /// The page of the program, and one of each command right below it.
    static func all(of program: CommandDescription) -> [ManualPage] {
        let settings = program.subcommands.first { $0.words.last == "serve" }?.arguments ?? []
        let names = Set(settings.compactMap(\.preferredName?.name))
        return [Self(program: program, settings: settings)]
            + program.subcommands.map { Self(command: $0, settings: names) }
    }

    /// The page of the program.
    private init(program: CommandDescription, settings: [ArgumentDescription]) {
        self.name = program.pageName + ".1"
        var page = Roff(title: program.pageName, version: ProgramVersion.current)
        Self.name(program, &page)
        page.section("SYNOPSIS")
        page.paragraph("\(Roff.bold("ucm")) \(Roff.italic("command")) [options]")
        page.section("DESCRIPTION")
        page.text(ManualNotes.introduction)
        page.section("COMMANDS")
        for command in program.subcommands {
            page.entry(Roff.bold("\(command.pageName)(1)"), command.abstract)
        }
        page.section("OPTIONS")
        page.entry("\(Roff.bold("-h")), \(Roff.bold("--help"))", "Show what a command does, and its options.")
        page.entry(Roff.bold("--version"), "Show the version.")
        page.section("THE INSTALLATION")
        page.text(ManualNotes.connection)
        page.section("OUTPUT")
        page.text(ManualNotes.output)
        Self.exitStatus(ExitStatus.allCases.map { ($0.rawValue, $0.meaning) }, &page)
        page.text("ucm scep has 2 where a server refused, and 3 where a request is pending: ucm-scep(1).")
        page.section("ENVIRONMENT")
        for note in ManualNotes.variables { page.entry(Roff.bold(note.name), note.meaning) }
        for setting in settings {
            guard let name = setting.preferredName?.name else { continue }
            page.entry(Roff.bold(ManualNotes.variable(of: name)), "As --\(name) of ucm-serve(1).")
        }
        Self.files(ManualNotes.files, &page)
        Self.seeAlso(program.subcommands.map(\.pageName), &page)
        self.source = page.source
    }

    /// The page of a command and those below it.
    private init(command: CommandDescription, settings: Set<String>) {
        self.name = command.pageName + ".1"
        var page = Roff(title: command.pageName, version: ProgramVersion.current)
        let isGroup = !command.subcommands.isEmpty
        Self.name(command, &page)
        page.section("SYNOPSIS")
        page.verbatim((isGroup ? command.all.filter { $0.subcommands.isEmpty } : [command]).map(\.synopsis))
        page.section("DESCRIPTION")
        page.text(command.abstract)
        page.text(command.discussion)
        let common = isGroup ? Self.common(command) : []
        if isGroup {
            page.section("COMMANDS")
            for below in command.all.dropFirst() { Self.command(below, without: common, &page) }
        }
        let options = isGroup ? common : command.arguments
        if !options.isEmpty {
            page.section(isGroup ? "OPTIONS OF ALL OF THEM" : "OPTIONS")
            Self.options(options, &page)
        }
        Self.exitStatus(Self.statuses(command), &page)
        Self.environment(command, settings, &page)
        Self.files(Self.notes(ManualNotes.files, command), &page)
        if !isGroup { Self.examples(command, &page) }
        Self.seeAlso(["ucm"], &page)
        self.source = page.source
    }

    private static func name(_ command: CommandDescription, _ page: inout Roff) {
        page.section("NAME")
        let sentence = command.abstract.hasSuffix(".") ? String(command.abstract.dropLast()) : command.abstract
        page.line(
            "\(Roff.escaped(command.pageName)) \\- \(Roff.escaped(sentence.prefix(1).lowercased() + sentence.dropFirst()))"
        )
    }

    private static func command(
        _ command: CommandDescription,
        without common: [ArgumentDescription],
        _ page: inout Roff
    ) {
        page.subsection(command.words.joined(separator: " "))
        page.text(command.abstract)
        page.text(command.discussion)
        self.options(command.arguments.filter { !common.contains($0) }, &page)
        if !command.examples.isEmpty { page.example(command.examples) }
    }

    private static func options(_ options: [ArgumentDescription], _ page: inout Roff) {
        for option in options {
            page.entry(option.kind == .positional ? option.placeholder : option.marked, option.explanation)
        }
    }

    /// What every command of a group has, in the order of the last one of them.
    private static func common(_ group: CommandDescription) -> [ArgumentDescription] {
        let commands = group.all.filter { $0.subcommands.isEmpty }
        guard commands.count > 1, let last = commands.last else { return [] }
        return last.arguments.filter { argument in
            argument.kind != .positional && commands.allSatisfy { $0.arguments.contains(argument) }
        }
    }

    /// The names of the options of a command and all below it.
    private static func optionNames(_ command: CommandDescription) -> Set<String> {
        Set(command.all.flatMap(\.arguments).compactMap(\.preferredName?.name))
    }

    private static func statuses(_ command: CommandDescription) -> [(Int32, String)] {
        if command.pageName == "ucm-scep" { return SCEPExitStatus.allCases.map { ($0.rawValue, $0.meaning) } }
        let names = self.optionNames(command)
        return ExitStatus.allCases.filter { status in
            switch status {
            case .success, .failure, .usage: true
            case .checkFailed: ["ucm-doctor", "ucm-audit"].contains(command.pageName)
            case .notFound, .conflict: names.contains("server")
            case .notPermitted, .unavailable:
                names.contains("server") || ["ucm-login", "ucm-logout"].contains(command.pageName)
            }
        }
        .map { ($0.rawValue, $0.meaning) }
    }

    private static func exitStatus(_ statuses: [(Int32, String)], _ page: inout Roff) {
        page.section("EXIT STATUS")
        for (status, meaning) in statuses { page.entry(Roff.bold("\(status)"), meaning) }
    }

    private static func notes(_ notes: [ManualNotes.Note], _ command: CommandDescription) -> [ManualNotes.Note] {
        let names = self.optionNames(command)
        return notes.filter { names.contains($0.option) || $0.pages.contains(command.pageName) }
    }

    /// `ucm scep` reaches others' servers, and has options of its own by the same names.
    private static func environment(_ command: CommandDescription, _ settings: Set<String>, _ page: inout Roff) {
        let own = self.notes(ManualNotes.variables, command)
        let isAboutInstallation = self.optionNames(command).contains("data")
        let set = isAboutInstallation ? self.optionNames(command).intersection(settings).sorted() : []
        guard !own.isEmpty || !set.isEmpty else { return }
        page.section("ENVIRONMENT")
        for note in own { page.entry(Roff.bold(note.name), note.meaning) }
        for name in set where command.pageName == "ucm-serve" || InstallationOptions.names.contains(name) {
            page.entry(Roff.bold(ManualNotes.variable(of: name)), "As --\(name).")
        }
    }

    private static func files(_ notes: [ManualNotes.Note], _ page: inout Roff) {
        guard !notes.isEmpty else { return }
        page.section("FILES")
        for note in notes { page.entry(Roff.italic(note.name), note.meaning) }
    }

    private static func examples(_ command: CommandDescription, _ page: inout Roff) {
        guard !command.examples.isEmpty else { return }
        page.section("EXAMPLES")
        page.example(command.examples)
    }

    private static func seeAlso(_ names: [String], _ page: inout Roff) {
        page.section("SEE ALSO")
        page.line(names.map { Roff.bold($0) + "(1)" }.joined(separator: ", "))
    }
}
