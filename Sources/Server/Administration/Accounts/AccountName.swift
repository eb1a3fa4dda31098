/// The names of accounts, and what else people write about them.
enum AccountName {
    /// Names under which the server itself is recorded.
    private static let reserved: Set<String> = ["server", "device", "nobody"]

    /// Refuses a name that cannot be told from others, or that addresses and records could not carry.
    ///
    /// - Throws: ``AdministrationError`` that names the field.
    static func check(_ name: String) throws(AdministrationError) {
        let alphanumerics = "abcdefghijklmnopqrstuvwxyz0123456789"
        let bytes = Array(name.lowercased().utf8)
        guard (1...64).contains(bytes.count), name.utf8.allSatisfy({ $0 < 0x80 }),
            bytes.allSatisfy({ (alphanumerics + ".-_@+").utf8.contains($0) }),
            let first = bytes.first, alphanumerics.utf8.contains(first)
        else {
            throw AdministrationError(
                "the name of an account has 1 to 64 letters (a to z), digits and . - _ @ +, and begins with a letter or "
                    + "digit; the full name is free",
                field: "name"
            )
        }
        guard !Self.reserved.contains(name.lowercased()) else {
            throw AdministrationError(
                "\(name) is what the server calls itself or others in its records: choose another name", field: "name")
        }
    }

    /// Refuses a text that is more than a line.
    ///
    /// - Throws: ``AdministrationError`` that names the field.
    static func checkText(_ text: String, of what: String, field: String) throws(AdministrationError) {
        guard text.utf8.count <= 200,
            text.unicodeScalars.allSatisfy({
                $0.properties.generalCategory != .control && !$0.properties.isDefaultIgnorableCodePoint
                    && !$0.properties.isBidiControl
            })
        else {
            throw AdministrationError("\(what) is a line of at most 200 bytes that can be seen", field: field)
        }
    }
}
