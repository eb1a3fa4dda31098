import ArgumentParser
import Server

/// Where the passphrase of a backup comes from.
struct PassphraseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the passphrase in its first line. (default: it is asked for on the terminal)",
            valueName: "file"
        )
    )
    var passphraseFile: String?

    /// The passphrase for a new backup, which is asked for twice: a mistake would be found when it is too late.
    func new() throws -> String {
        if let passphraseFile { return try Files.secret(passphraseFile) }
        return try SecretPrompt.askTwice("Passphrase of the backup: ") { passphrase in
            try Administration.check(backupPassphrase: passphrase)
        }
    }

    /// The passphrase of a backup that is there.
    func known() throws -> String {
        if let passphraseFile { return try Files.secret(passphraseFile) }
<<<<<<< ours
        return try SecretPrompt.ask("Passphrase of the backup: ")
=======
        return try Self.ask("Passphrase of the backup: ")
    }

    /// Asks on the terminal, without showing what is typed.
    private static func ask(_ question: String) throws -> String {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SCEPClientError(
                .input, "there is no terminal to ask for the passphrase on: name a file with it by --passphrase-file")
        }
        let terminal = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var before = termios()
        guard tcgetattr(descriptor, &before) == 0 else {
            throw SCEPClientError(.input, "the terminal cannot be told not to show the passphrase")
        }
        var silent = before
        // Control-C comes as a character too: it would leave the terminal silent for good.
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        guard tcsetattr(descriptor, TCSAFLUSH, &silent) == 0 else {
            throw SCEPClientError(.input, "the terminal cannot be told not to show the passphrase")
        }
        defer {
            _ = tcsetattr(descriptor, TCSAFLUSH, &before)
            terminal.write(Data("\n".utf8))
        }
        terminal.write(Data(question.utf8))
        var bytes: [UInt8] = []
        while let byte = try terminal.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n"), bytes.count < 4096 {
            guard byte != 3 else { throw SCEPClientError(.input, "no passphrase was given: nothing was done") }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
>>>>>>> theirs
    }
}
