import ArgumentParser
import Foundation
import Glibc
import SCEPClient
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
        let passphrase = try Self.ask("Passphrase of the backup: ")
        try Administration.check(backupPassphrase: passphrase)
        guard try Self.ask("The same again: ") == passphrase else {
            throw SCEPClientError(.input, "the two passphrases are not the same: nothing was done")
        }
        return passphrase
    }

    /// The passphrase of a backup that is there.
    func known() throws -> String {
        if let passphraseFile { return try Files.secret(passphraseFile) }
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
        silent.c_lflag &= ~tcflag_t(ECHO)
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
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
