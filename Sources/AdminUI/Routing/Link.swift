import AdministrationAPI

/// Addresses of pages.
enum Link {
    /// The address of a page below ``AdminPages/root``.
    ///
    /// - Parameters:
    ///   - path: The path, as in `/requests`.
    ///   - query: Names and values; those without a value are left out.
    /// - Returns: The address.
    static func to(_ path: String, _ query: [(name: String, value: String)] = []) -> String {
        let fields = query.map { "\(APIPath.escaped($0.name))=\(APIPath.escaped($0.value))" }.joined(separator: "&")
        return AdminPages.root + path + (fields.isEmpty ? "" : "?" + fields)
    }

    /// The address of a thing by its name or number.
    static func to(_ path: String, _ name: String, _ rest: String = "") -> String {
        AdminPages.root + path + "/" + APIPath.escaped(name) + rest
    }
}
