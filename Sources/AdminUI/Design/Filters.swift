/// The fields by which a list is narrowed.
struct Filters {
    /// The list's path.
    var path: String
    var query: PageFields

    /// A text that is looked for.
    func search(_ name: String, _ label: String) -> HTML { self.input(name, label, "search", style: "grow") }

    /// A day.
    func day(_ name: String, _ label: String) -> HTML { self.input(name, label, "date", style: nil) }

    /// A text that has to be the same.
    func text(_ name: String, _ label: String) -> HTML { self.input(name, label, "text", style: nil) }

    /// What a link has set and no field is for: it stays when something else is chosen.
    func kept(_ name: String) -> HTML {
        self.query[name].map { .start("input", ["type": "hidden", "name": name, "value": $0]) } ?? .nothing
    }

    /// One of several; the value and what people call it.
    func choice(_ name: String, _ label: String, _ options: [(value: String, label: String)]) -> HTML {
        .element(
            "div",
            [
                .element("label", ["for": "filter-\(name)"], HTML(label)),
                .element(
                    "select", ["name": name, "id": "filter-\(name)"],
                    HTML(
                        [.element("option", ["value": ""], "all")]
                            + options.map { option in
                                .element(
                                    "option",
                                    ["value": option.value, "selected": self.query[name] == option.value ? "" : nil],
                                    HTML(option.label))
                            })),
            ])
    }

    /// One of several, which people call as programs do.
    func choice(_ name: String, _ label: String, _ values: [String]) -> HTML {
        self.choice(name, label, values.map { ($0, $0) })
    }

    /// All of them, with the buttons behind.
    func html(_ fields: [HTML]) -> HTML {
        .element(
            "form", ["method": "get", "action": Link.to(self.path), "class": "filters", "role": "search"],
            HTML(fields + [.submit("Search", style: ""), .button("Clear", to: Link.to(self.path))]))
    }

    /// Whether anything is narrowed.
    var areSet: Bool { self.query.all.contains { !$0.value.isEmpty && !["after", "done"].contains($0.name) } }

    private func input(_ name: String, _ label: String, _ type: String, style: String?) -> HTML {
        .element(
            "div", ["class": style],
            [
                .element("label", ["for": "filter-\(name)"], HTML(label)),
                .start("input", ["type": type, "name": name, "id": "filter-\(name)", "value": self.query[name]]),
            ])
    }
}
