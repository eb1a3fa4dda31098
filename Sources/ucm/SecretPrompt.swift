import Foundation
import Glibc
import SCEPClient

/// Secrets that are asked for on the terminal.
enum SecretPrompt {
    /// Asks twice: a mistake would be found when it is too late.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - check: Refuses what cannot be one, before it is asked for again.
    /// - Returns: The secret.
    /// - Throws: ``SCEPClientError`` with code `input`, or what the check throws.
    static func askTwice(_ question: String, _ check: (String) throws -> Void = { _ in }) throws -> String {
        let secret = try Self.ask(question)
        try check(secret)
        guard try Self.ask("The same again: ") == secret else {
            throw SCEPClientError(.input, "the two are not the same: nothing was done")
        }
        return secret
    }

    /// Asks on the terminal, without showing what is typed.
    static func ask(_ question: String) throws -> String {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SCEPClientError(
                .input, "there is no terminal to ask on: give a file with the secret by the option for it")
        }
        let terminal = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var before = termios()
        guard tcgetattr(descriptor, &before) == 0 else {
            throw SCEPClientError(.input, "the terminal cannot be told not to show what is typed")
        }
        var silent = before
        // Control-C comes as a character too: it would leave the terminal silent for good.
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        guard tcsetattr(descriptor, TCSAFLUSH, &silent) == 0 else {
            throw SCEPClientError(.input, "the terminal cannot be told not to show what is typed")
        }
        defer {
            _ = tcsetattr(descriptor, TCSAFLUSH, &before)
            terminal.write(Data("\n".utf8))
        }
        terminal.write(Data(question.utf8))
        var bytes: [UInt8] = []
        while let byte = try terminal.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n"), bytes.count < 4096 {
            guard byte != 3 else { throw SCEPClientError(.input, "nothing was given, so nothing was done") }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
