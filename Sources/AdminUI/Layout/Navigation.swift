/// Where one can go, in groups; what somebody may not see is not there.
struct Navigation {
    /// A place.
    enum Place: String, CaseIterable {
        case dashboard, requests

        var title: String {
            switch self {
            case .dashboard: "Dashboard"
            case .requests: "SCEP Requests"
            }
        }

        var path: String {
            switch self {
            case .dashboard: ""
            case .requests: "/requests"
            }
        }

        /// What has to be allowed to see it.
        var permission: String {
            switch self {
            case .dashboard: "statistics:read"
            case .requests: "requests:read"
            }
        }

        var icon: HTML {
            switch self {
            case .dashboard: Icon.dashboard
            case .requests: Icon.requests
            }
        }
    }

    private static let groups: [(title: String, places: [Place])] = [
        ("Overview", [.dashboard]), ("SCEP", [.requests]),
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
