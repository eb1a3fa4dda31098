/// Where one can go, in groups; what somebody may not see is not there.
struct Navigation {
    /// A place.
    enum Place: String, CaseIterable {
        case dashboard, requests, challenges, profiles, certificates, users, audit

        var title: String {
            switch self {
            case .dashboard: "Dashboard"
            case .requests: "SCEP Requests"
            case .challenges: "Challenges"
            case .profiles: "SCEP Configuration"
            case .certificates: "Certificates"
            case .users: "Users"
            case .audit: "Audit"
            }
        }

        var path: String {
            switch self {
            case .dashboard: ""
            case .requests: "/requests"
            case .challenges: "/challenges"
            case .profiles: "/profiles"
            case .certificates: "/certificates"
            case .users: "/users"
            case .audit: "/audit"
            }
        }

        /// What has to be allowed to see it.
        var permission: String {
            switch self {
            case .dashboard: "statistics:read"
            case .requests: "requests:read"
            case .challenges: "challenges:read"
            case .profiles: "profiles:read"
            case .certificates: "certificates:read"
            case .users: "users:read"
            case .audit: "audit:read"
            }
        }

        var icon: HTML {
            switch self {
            case .dashboard: Icon.dashboard
            case .requests: Icon.requests
            case .challenges: Icon.challenges
            case .profiles: Icon.settings
            case .certificates: Icon.certificates
            case .users: Icon.users
            case .audit: Icon.audit
            }
        }
    }

    private static let groups: [(title: String, places: [Place])] = [
        ("Overview", [.dashboard]), ("SCEP", [.requests, .challenges, .profiles]),
        ("Certificates", [.certificates]), ("System", [.users, .audit]),
    ]

    let visitor: Visitor
    let current: Place?
    /// How many requests wait; nil where that is not known.
    let waiting: Int?

    var html: HTML {
        HTML(
            Self.groups.compactMap { group in
                let places = group.places.filter { self.visitor.may($0.permission) }
                guard !places.isEmpty else { return nil }
                return [
                    .element("h2", HTML(group.title)), .element("ul", HTML(places.map(self.item))),
                ]
            })
    }

    private func item(_ place: Place) -> HTML {
        let count: HTML =
            if place == .requests, let waiting, waiting > 0 {
                .element("span", ["class": "count", "title": "\(waiting) wait for approval"], "\(waiting)")
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
