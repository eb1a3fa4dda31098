import AdministrationAPI

/// What can be permitted, with words for each, in groups.
struct PermissionChoices {
    /// A permission as the API describes it.
    struct Permission {
        var name: String
        var description: String

        /// What it is about: what stands before the colon.
        var subject: String { String(self.name.prefix { $0 != ":" }) }
    }

    private static let titles = [
        "profiles": "SCEP configuration", "challenges": "Challenges", "requests": "Requests",
        "certificates": "Certificates", "authorities": "CAs", "templates": "Templates", "crls": "CRLs",
        "users": "Users, roles, tokens", "audit": "Audit log", "settings": "System settings",
        "statistics": "Statistics", "system": "System", "metrics": "Metrics",
    ]

    /// All that there are, in the order in which the API lists them.
    let all: [Permission]

    /// Asks what there is.
    ///
    /// - Throws: ``APIRefusal``.
    init(_ context: PageContext) async throws(APIRefusal) {
        let found = try await context.api.get("permissions", query: [("limit", "500")]).value
        self.all = found.list("items").map { Permission(name: $0.word("name"), description: $0.word("description")) }
    }

    private var groups: [(title: String, permissions: [Permission])] {
        var groups: [(subject: String, permissions: [Permission])] = []
        for permission in self.all {
            if groups.last?.subject == permission.subject {
                groups[groups.count - 1].permissions.append(permission)
            } else {
                groups.append((permission.subject, [permission]))
            }
        }
        return groups.map { (Self.titles[$0.subject] ?? $0.subject, $0.permissions) }
    }

    /// Checkboxes for a form.
    ///
    /// - Parameters:
    ///   - name: The field's name.
    ///   - ticked: What is ticked.
    ///   - fault: What is wrong with what was ticked.
    ///   - isOffered: Which of them whoever looks can give to somebody.
    /// - Returns: The checkboxes; those that cannot be given are shown where they are ticked.
    func boxes(_ name: String, ticked: Set<String>, fault: String?, isOffered: (String) -> Bool) -> HTML {
        let groups = self.groups.map { title, permissions in
            Choices.Group(
                title: title,
                choices: permissions.filter { isOffered($0.name) || ticked.contains($0.name) }.map {
                    Choices.Choice(
                        value: $0.name, label: Self.sentence($0.description), hint: $0.name,
                        isBarred: !isOffered($0.name))
                })
        }
        return Choices(name: name, groups: groups.filter { !$0.choices.isEmpty }, ticked: ticked, fault: fault).html
    }

    /// What is permitted, in words.
    func facts(_ names: Set<String>) -> HTML {
        .facts(
            self.groups.compactMap { title, permissions in
                let permitted = permissions.filter { names.contains($0.name) }
                guard !permitted.isEmpty else { return nil }
                return (
                    title,
                    .element(
                        "ul", ["class": "plain"],
                        HTML(
                            permitted.map {
                                .element(
                                    "li",
                                    [
                                        HTML(Self.sentence($0.description)), " ",
                                        .element("code", ["class": "soft"], HTML($0.name)),
                                    ])
                            }))
                )
            })
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
