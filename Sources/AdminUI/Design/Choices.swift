/// Several checkboxes of one name, of which any number may be ticked.
struct Choices {
    /// One of them.
    struct Choice {
        var value: String
        var label: String
        /// What a program calls it.
        var hint: String?
        /// Whether it cannot be ticked by whoever looks.
        var isBarred = false
    }

    /// A group of them, with a heading.
    struct Group {
        var title: String
        var choices: [Choice]
    }

    var name: String
    var groups: [Group]
    var ticked: Set<String>
    var fault: String?

    var html: HTML {
        [
            self.fault.map { .notice(.bad, .element("p", HTML($0))) } ?? .nothing,
            .element("div", ["class": "choices"], HTML(self.groups.map(self.group))),
        ]
    }

    private func group(_ group: Group) -> HTML {
        .element(
            "fieldset",
            [.element("legend", HTML(group.title)), HTML(group.choices.map(self.box))])
    }

    private func box(_ choice: Choice) -> HTML {
        let identifier = "\(self.name)-\(choice.value)"
        return .element(
            "div", ["class": "check"],
            [
                .start(
                    "input",
                    [
                        "type": "checkbox", "name": self.name, "id": identifier, "value": choice.value,
                        "checked": self.ticked.contains(choice.value) ? "" : nil,
                        "disabled": choice.isBarred ? "" : nil,
                    ]),
                .element(
                    "label", ["for": identifier],
                    [
                        HTML(choice.label),
                        choice.hint.map { [" ", .element("code", ["class": "soft"], HTML($0))] } ?? .nothing,
                    ]),
            ])
    }
}
