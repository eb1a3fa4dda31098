import Registry

/// What stands for a CA in addresses: small letters and digits with hyphens between the words of its name.
///
/// Certificates carry it for as long as they live, and names of CAs never change.
enum AuthoritySlug {
    /// The slug of a name by itself; empty where it has no letter of ASCII.
    static func of(_ name: String) -> String {
        name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
    }

    /// The slugs of all CAs, by their numbers.
    ///
    /// Where two would have the same one, the older has it, and the other one its number behind it.
    ///
    /// - Parameter records: All CAs, the oldest first.
    /// - Returns: A slug for each.
    static func all(_ records: [AuthorityRecord]) -> [Int64: String] {
        var taken: Set<String> = []
        var slugs: [Int64: String] = [:]
        for record in records {
            let own = Self.of(record.name)
            var slug = own.isEmpty ? "ca-\(record.id)" : own
            // Another one may be called what comes of that: then once more.
            while !taken.insert(slug).inserted { slug += "-\(record.id)" }
            slugs[record.id] = slug
        }
        return slugs
    }
}
