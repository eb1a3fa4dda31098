/// Where one can go, in groups; what somebody may not see is not there.
struct Navigation {
    /// A place.
    struct Place: Equatable, Sendable {
        let title: String
        /// Its path below ``AdminPages/root``.
        let path: String
        /// What has to be allowed to see it; nil where being signed in is enough.
        let permission: String?
        let icon: HTML

        init(_ title: String, _ path: String, _ permission: String?, _ icon: HTML) {
            (self.title, self.path, self.permission, self.icon) = (title, path, permission, icon)
        }

        static func == (one: Place, other: Place) -> Bool { one.path == other.path }

        static let dashboard = Place("Dashboard", "", "statistics:read", Icon.dashboard)
        static let requests = Place("SCEP Requests", "/requests", "requests:read", Icon.requests)
        static let challenges = Place("Challenges", "/challenges", "challenges:read", Icon.challenges)
        static let devices = Place("Devices to set up", "/devices", "profiles:read", Icon.devices)
        static let log = Place("Logs", "/log", "requests:read", Icon.log)
        static let certificates = Place("Certificates", "/certificates", "certificates:read", Icon.certificates)
        static let authorities = Place("CAs", "/cas", "authorities:read", Icon.authorities)
        static let templates = Place("Templates", "/templates", "templates:read", Icon.templates)
        static let profiles = Place("SCEP Configuration", "/profiles", "profiles:read", Icon.settings)
        static let settings = Place("System Settings", "/settings", "settings:read", Icon.system)
        static let users = Place("Users", "/users", "users:read", Icon.users)
        static let tokens = Place("Tokens", "/tokens", nil, Icon.tokens)
        static let audit = Place("Audit", "/audit", "audit:read", Icon.audit)
    }

    private static let groups: [(title: String, places: [Place])] = [
        ("Overview", [.dashboard]), ("SCEP", [.requests, .challenges, .devices, .log]),
        ("Certificates", [.certificates, .authorities, .templates]),
        ("System", [.profiles, .settings, .users, .tokens, .audit]),
    ]

    let visitor: Visitor
    let current: Place?
    /// How many requests wait; nil for none, or where that is not known.
    let waiting: String?

    var html: HTML {
        HTML(
            Self.groups.compactMap { group in
                let places = group.places.filter { $0.permission.map(self.visitor.may) ?? true }
                guard !places.isEmpty else { return nil }
                return [
                    .element("h2", HTML(group.title)), .element("ul", HTML(places.map(self.item))),
                ]
            })
    }

    private func item(_ place: Place) -> HTML {
        let count: HTML =
            if place == .requests, let waiting {
                .element("span", ["class": "count", "title": "\(waiting) wait for approval"], HTML(waiting))
            } else {
                .nothing
            }
        return .element(
            "li",
            .element(
                "a", ["href": Link.to(place.path), "aria-current": place == self.current ? "page" : nil],
                [place.icon, .element("span", HTML(place.title)), count]))
    }
}
