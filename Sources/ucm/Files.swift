import Foundation
import SCEPClient

/// The files that a command reads and writes.
enum Files {
    /// The content of a file; `-` is standard input.
    static func read(_ path: String) throws(SCEPClientError) -> [UInt8] {
        do {
            if path == "-" { return Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw SCEPClientError(.input, "The file \(path) cannot be read: \(Self.cause(error)).")
        }
    }

    /// Opens a file that may be too long for memory; `-` is standard input.
    static func open(_ path: String) throws(SCEPClientError) -> FileHandle {
        if path == "-" { return .standardInput }
        do {
            return try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } catch {
            throw SCEPClientError(.input, "The file \(path) cannot be read: \(Self.cause(error)).")
        }
    }

    /// Makes a file that only its owner can read, to be written bit by bit; `-` is standard output.
    static func create(_ path: String) throws(SCEPClientError) -> FileHandle {
        if path == "-" { return .standardOutput }
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw Self.notWritten(path) }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Why a new file was not made.
    private static func notWritten(_ path: String) -> SCEPClientError {
        let cause = errno == EEXIST ? "it is there already, and is not replaced" : String(cString: strerror(errno))
        return SCEPClientError(.input, "The file \(path) cannot be written: \(cause).")
    }

    /// The first line of a file, for secrets: what ends the line does not belong to it.
    static func secret(_ path: String) throws(SCEPClientError) -> String {
        let text = String(decoding: try self.read(path), as: UTF8.self)
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty else {
            throw SCEPClientError(.input, "The file \(path) is empty: a secret is expected in its first line.")
        }
        return String(line)
    }

    /// Writes text to a file, or to standard output for `-`; a file is there as a whole or not at all.
    static func write(_ text: String, to path: String) throws(SCEPClientError) {
        try self.write(Array(text.utf8), to: path)
    }

    /// Writes bytes to a file, or to standard output for `-`; a file is there as a whole or not at all.
    static func write(_ bytes: [UInt8], to path: String) throws(SCEPClientError) {
        guard path != "-" else { return FileHandle.standardOutput.write(Data(bytes)) }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw SCEPClientError(.input, "The file \(path) cannot be written: \(Self.cause(error)).")
        }
    }

    /// Finds out whether a file could be written, before something is done that cannot be undone.
    ///
    /// - Throws: ``SCEPClientError`` with code `input`.
    static func checkWritable(_ path: String) throws(SCEPClientError) {
        guard path != "-" else { return }
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let isThere = access(path, F_OK) == 0
        guard access(isThere ? path : directory, W_OK) == 0 else {
            throw SCEPClientError(.input, "The file \(path) cannot be written: \(String(cString: strerror(errno))).")
        }
    }

    /// Writes a file that only its owner can read, and that is on disk when this returns.
    ///
    /// - Parameters:
    ///   - text: The content.
    ///   - path: Where.
    ///   - replacing: Whether a file that is there may go. Keys never replace keys.
    /// - Throws: ``SCEPClientError`` with code `input`.
    static func writePrivate(_ text: String, to path: String, replacing: Bool = false) throws(SCEPClientError) {
        try self.writePrivate(Array(text.utf8), to: path, replacing: replacing)
    }

    /// Writes a file that only its owner can read, and that is on disk when this returns.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: Where.
    ///   - replacing: Whether a file that is there may go. Keys never replace keys.
    /// - Throws: ``SCEPClientError`` with code `input`.
    static func writePrivate(_ bytes: [UInt8], to path: String, replacing: Bool = false) throws(SCEPClientError) {
        if replacing { unlink(path) }
        let file = try self.create(path)
        do {
            try file.write(contentsOf: Data(bytes))
            try file.synchronize()
            try file.close()
        } catch {
            throw SCEPClientError(.input, "The file \(path) cannot be written: \(Self.cause(error)).")
        }
    }

    /// Removes a file that is not needed any more.
    static func remove(_ path: String) {
        unlink(path)
    }

    /// The path from the root, for notes that are read from elsewhere.
    static func absolute(_ path: String) -> String {
        path == "-" ? path : URL(fileURLWithPath: path).standardizedFileURL.path
    }

    private static func cause(_ error: any Error) -> String {
        let cocoa = error as NSError
        let underlying = cocoa.userInfo[NSUnderlyingErrorKey] as? NSError
        let code = [cocoa, underlying].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }?.code
        if let code { return String(cString: strerror(Int32(code))) }
        return switch cocoa.code {
        case NSFileReadNoSuchFileError: "there is no such file"
        case NSFileReadNoPermissionError, NSFileWriteNoPermissionError: "permission denied"
        case NSFileNoSuchFileError: "there is no such directory"
        default: cocoa.localizedDescription
        }
    }
}
