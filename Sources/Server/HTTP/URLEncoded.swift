import Foundation

/// Names and values as queries and forms have them (application/x-www-form-urlencoded).
enum URLEncoded {
    /// Reads fields.
    ///
    /// - Parameter text: What stands in the query or body.
    /// - Returns: The fields in their order; nil where a percent sign stands for no UTF-8.
    static func fields(_ text: some StringProtocol) -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.compactMap { String($0).replacing("+", with: " ").removingPercentEncoding }
            guard decoded.count == parts.count, let name = decoded.first else { return nil }
            fields.append((name, decoded.count == 2 ? decoded[1] : ""))
        }
        return fields
    }

    /// The parts of a path, without percent signs.
    ///
    /// - Parameter path: The path, or a part of it that begins with a slash or is empty.
    /// - Returns: The parts; nil where a percent sign stands for no UTF-8, or for a NUL.
    static func segments(_ path: some StringProtocol) -> [String]? {
        var segments: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let text = String(part).removingPercentEncoding, !text.unicodeScalars.contains("\u{0}") else {
                return nil
            }
            segments.append(text)
        }
        return segments
    }
}
