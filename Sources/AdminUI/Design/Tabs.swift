/// Pages that belong together, one beside the other.
struct Tabs {
    /// One of them.
    struct Tab {
        var title: String
        var address: String
        var isCurrent: Bool
    }

    /// What they are, for those who do not see them.
    var label: String
    var tabs: [Tab]

    /// The links; nothing where there is only one page.
    var html: HTML {
        guard self.tabs.count > 1 else { return .nothing }
        return .element(
            "nav", ["class": "tabs", "aria-label": self.label],
            .element(
                "ul",
                HTML(
                    self.tabs.map { tab in
                        .element(
                            "li",
                            .element(
                                "a", ["href": tab.address, "aria-current": tab.isCurrent ? "page" : nil],
                                HTML(tab.title)))
                    })))
    }
}
