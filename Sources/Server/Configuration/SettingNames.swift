import Foundation

/// The names of all settings: as options behind two hyphens, and in `ucm.yaml`.
enum SettingNames {
    /// All that a file can have.
    static let all: Set<String> = [
        "database-url", "https", "http", "host-name", "trusted-proxy", "tls-cert", "tls-key", "master-key-file",
        "master-key",
        "master-passphrase", "master-passphrase-file", "metrics", "metrics-token", "metrics-token-file", "log-format",
        "ca-key", "ca-name", "algorithm-level", "scep-mode", "open", "challenge-file", "admin-password-file",
    ]

    /// Those that cannot be in the file, because they say where it is.
    static let outsideOfFile: Set<String> = ["data", "config"]

    /// The name that somebody may have meant; nil where none is like it.
    static func nearest(to name: String) -> String? {
        let candidates = Self.all.sorted().map { (name: $0, distance: Self.distance(name.lowercased(), $0)) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, best.name.count / 3) ? best.name : nil
    }

    /// How many letters have to be put in, left out or changed (Levenshtein).
    private static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one.prefix(64)), Array(other.prefix(64)))
        var row = Array(0...other.count)
        for (i, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, candidate) in other.enumerated() {
                let changed = diagonal + (letter == candidate ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[other.count]
    }

    /// The names at the beginnings of lines of a YAML file, with the lines' numbers.
    static func names(inYAML text: String) -> [(name: String, line: Int)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            guard let first = line.first, !first.isWhitespace, !"#-%[]{}.".contains(first),
                let colon = line.firstIndex(of: ":")
            else { return nil }
            let name = line[..<colon].trimmingCharacters(in: .init(charactersIn: "\"' \t"))
            return (name, index + 1)
        }
    }
}
