import Foundation

/// The directory with the database and the master key, unless they are elsewhere.
struct DataDirectory {
    let path: String

    /// Makes the directory, readable for its owner only, unless it is there.
    init(path: String) throws(StartupError) {
        self.path = path
        var made = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            made += component + "/"
            // 0700: for its owner only.
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
                throw StartupError("the data directory \(path) cannot be made: \(String(cString: strerror(errno)))")
            }
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw StartupError("the data directory \(path) is a file, not a directory")
        }
        guard access(path, W_OK) == 0 else {
            throw StartupError("the data directory \(path) is not writable")
        }
    }

    /// Reads a secret from a file, without the newline at its end.
    static func secret(in path: String, flag: String) throws(StartupError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StartupError("the file \(path) of --\(flag) cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard !text.isEmpty else { throw StartupError("the file \(path) of --\(flag) is empty") }
        return text
    }
}
