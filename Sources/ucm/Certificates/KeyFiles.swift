import CertificateAuthority

/// Files with keys, certificates and requests.
enum KeyFiles {
    /// Reads files of any usual form.
    ///
    /// - Parameters:
    ///   - paths: The files; `-` is standard input.
    ///   - passwordFile: A file with the password of those that have one.
    /// - Returns: What is in each.
    /// - Throws: ``SCEPClientError`` or ``FileProblem``, each one sentence that names the file.
    static func read(_ paths: [String], passwordFile: String?) throws -> [KeyFile] {
        let password = try passwordFile.map { try Files.secret($0) }
        return try paths.map { path in
            let bytes = try Files.read(path)
            do throws(KeyFileError) {
                return try KeyFile(bytes, password: password)
            } catch {
                let cure =
                    error.code == .passwordMissing ? ": put it into a file and name that with --password-file" : ""
                throw FileProblem(path: path, reason: error.reason + cure)
            }
        }
    }

    /// The PKCS#10 request in a file, as DER.
    static func request(_ path: String) throws -> [UInt8] {
        let requests = try self.read([path], passwordFile: nil).flatMap(\.requests)
        guard requests.count == 1, let request = requests.first else {
            throw FileProblem(path: path, reason: "one PKCS#10 request is expected in it, there are \(requests.count)")
        }
        return request
    }
}

/// What is wrong with a file.
struct FileProblem: Error, CustomStringConvertible {
    var path: String
    var reason: String

    var description: String { "the file \(self.path) cannot be used: \(self.reason)" }
}
