import AdministrationAPI

/// What can be done with a CA that takes nothing but its name.
enum AuthorityActions {
    static let routes: [PageRoute] = ["default", "retire", "reinstate"].map { verb in
        .form("/cas/{name}/\(verb)", "authorities:write") { try await Self.change($0, verb) }
    }

    static func panel(_ authority: Authority, _ context: PageContext) -> HTML {
        guard context.may("authorities:write") else { return .nothing }
        func part(_ title: String, _ text: String, _ button: HTML) -> HTML {
            .element("div", [.element("h3", HTML(title)), .element("p", HTML(text)), button])
        }
        func form(_ verb: String, _ title: String, style: String = "", question: String? = nil) -> HTML {
            .form(
                to: Authority.address(authority.name, "/\(verb)"), by: context.visitor, question: question,
                .submit(title, style: style))
        }
        var parts: [HTML] = []
        if authority.isUsable(at: context.now) {
            parts.append(
                part(
                    "A CA that is elsewhere", "Signs its request, so that it is below this one.",
                    .button("Sign a CA's request", to: Authority.address(authority.name, "/sign"))))
        }
        if !authority.isDefault, !authority.isRetired {
            parts.append(
                part(
                    "The default CA",
                    "New profiles, certificates by hand and the server's own certificate come from it where nobody says "
                        + "otherwise.", form("default", "Make it the default CA")))
        }
        if authority.isRetired {
            parts.append(
                part(
                    "Issue again", "Profiles can be given this CA again.",
                    form("reinstate", "Let it issue again", style: "main")))
        } else if let obstacle = Self.obstacle(authority) {
            parts.append(part("Retire", obstacle, .nothing))
        } else {
            parts.append(
                part(
                    "Retire", "It issues nothing more. Its certificates stay valid, and its CRL and OCSP go on.",
                    form(
                        "retire", "Retire this CA", style: "danger",
                        question:
                            "Devices whose certificates are from \(authority.name) keep them, and cannot renew them "
                            + "with it any more. Retire it?")))
        }
        return .panel("Actions", .body(.element("div", ["class": "columns"], HTML(parts))))
    }

    /// Why a CA cannot be retired now; nil where it can.
    private static func obstacle(_ authority: Authority) -> String? {
        if authority.isDefault { return "The default CA cannot be retired: make another one the default first." }
        guard !authority.profiles.isEmpty else { return nil }
        return
            "It issues for the profiles \(authority.profiles.joined(separator: ", ")): give them another CA, or plan a "
            + "rollover, before it is retired."
    }

    private static func change(_ context: PageContext, _ verb: String) async throws -> PageResponse {
        let name = context.parameter("name")
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("POST", ["cas", name, verb]))
        } catch {
            return try await AuthorityPage.page(context, after: try FormOutcome(error))
        }
        return Self.back(to: name, "ca-\(verb)")
    }

    /// Back to the CA's page, which says what was done.
    static func back(to name: String, _ done: String) -> PageResponse {
        .go(Link.to("/cas/\(APIPath.escaped(name))", [(name: "done", value: done)]))
    }
}
