import CertificateAuthority

/// The name of a CA, which is the common name of its certificate and, with " RA" behind it, of its RA's.
enum AuthorityName {
    /// Refuses a name that a certificate or a line of a table cannot carry.
    ///
    /// - Throws: ``AdministrationError``.
    static func check(_ name: String) throws(AdministrationError) {
        // ub-common-name is 64 (RFC 5280 §A.1), and three characters are the RA's.
        guard (1...61).contains(name.unicodeScalars.count), name.first != " ", name.last != " ",
            name.unicodeScalars.allSatisfy({
                $0.properties.generalCategory != .control && !$0.properties.isDefaultIgnorableCodePoint
            })
        else {
            throw AdministrationError(
                "the name of a CA has 1 to 61 characters that can be seen: \"\(ReadableText.line(name, upTo: 100))\" has not"
            )
        }
    }
}
