/// Paths with names in braces, of the API and of the pages: `/profiles/{name}`.
public enum PathPattern {
    /// What stands in a path for the names in braces.
    ///
    /// - Parameters:
    ///   - path: The parts of the path.
    ///   - pattern: The parts of the pattern.
    /// - Returns: The values by their names; nil where the path does not fit.
    public static func values(in path: [String], of pattern: [String]) -> [String: String]? {
        guard pattern.count == path.count else { return nil }
        var values: [String: String] = [:]
        for (segment, part) in zip(pattern, path) {
            if segment.hasPrefix("{") {
                guard !part.isEmpty else { return nil }
                values[String(segment.dropFirst().dropLast())] = part
            } else if segment != part {
                return nil
            }
        }
        return values
    }
}
