import Foundation

/// Whether the settings can be read, and mean what was meant.
struct ConfigurationChecks {
    /// The configuration file.
    let path: String

    /// Names that mean nothing: they are passed over, and whoever misspelt one believes that it counts.
    func unknownNames() -> [Finding] {
        guard let text = try? String(contentsOfFile: self.path, encoding: .utf8) else { return [] }
        return SettingNames.names(inYAML: text).compactMap { name, line in
            guard !SettingNames.all.contains(name) else { return nil }
            let place = "line \(line) of \(self.path)"
            if SettingNames.outsideOfFile.contains(name) {
                return Finding(
                    "configuration", .warning, "\(name) in \(place) is passed over: it says where this file is",
                    advice: "give it as --\(name) or UCM_\(name.uppercased()), and take it out of the file"
                )
            }
            return Finding(
                "configuration", .warning, "\(name) in \(place) is no setting and passed over",
                advice: SettingNames.nearest(to: name).map { "\($0) may be meant" }
                    ?? "take it out"
            )
        }
    }

    /// Own TLS files, and others that are named, have to be there.
    static func files(_ configuration: ServerConfiguration) -> [Finding] {
        var named: [(String, String)] = []
        if let files = configuration.tlsFiles {
            named += [("tls-cert", files.certificate), ("tls-key", files.key)]
        }
        if let path = configuration.metricsTokenFile { named.append(("metrics-token-file", path)) }
        return named.compactMap { setting, path in
            guard access(path, R_OK) != 0 else { return nil }
            return Finding(
                "configuration", .error,
                "the file \(path) of --\(setting) cannot be read: \(String(cString: strerror(errno)))",
                advice: "correct the setting, or the file's owner and mode"
            )
        }
    }
}
