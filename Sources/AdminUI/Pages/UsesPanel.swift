import AdministrationAPI

/// Who uses a CA or a template: profiles, and the certificates that came of it.
enum UsesPanel {
    /// The panel.
    ///
    /// - Parameters:
    ///   - profiles: The names of the profiles.
    ///   - filter: What certificates that came of it are found by.
    ///   - context: Who looks.
    /// - Returns: The panel, with links to what whoever looks may see.
    static func html(
        profiles: [String],
        certificatesBy filter: (name: String, value: String),
        _ context: PageContext
    ) -> HTML {
        let links = profiles.map { name -> HTML in
            context.may("profiles:read") ? .link(Link.to("/profiles", name), HTML(name)) : HTML(name)
        }
        let all = Link.to("/certificates", [filter])
        let valid = Link.to("/certificates", [filter, (name: "state", value: "valid")])
        return .panel(
            "Who uses it",
            .facts([
                (
                    "Profiles",
                    links.isEmpty
                        ? .element("span", ["class": "soft"], "none")
                        : HTML(links.enumerated().map { $0.offset == 0 ? $0.element : [", ", $0.element] })
                ),
                (
                    "Certificates",
                    context.may("certificates:read")
                        ? [.link(valid, "those that are valid"), ", ", .link(all, "all of them")] : nil
                ),
            ]))
    }
}
