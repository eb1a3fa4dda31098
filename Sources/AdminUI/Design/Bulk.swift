/// What is done with all rows of a list that are ticked.
enum Bulk {
    /// A table with the buttons above that do something with what is ticked in it.
    ///
    /// - Parameters:
    ///   - address: Where the form is sent.
    ///   - visitor: Who sends it.
    ///   - question: What is asked once more before what cannot be undone; nil for nothing.
    ///   - controls: Buttons and what they need.
    /// - Returns: What is put around the table.
    static func form(
        to address: String,
        by visitor: Visitor,
        question: String? = nil,
        _ controls: HTML
    ) -> (HTML) -> HTML {
        { table in
            .form(
                to: address, by: visitor, question: question,
                [
                    .element(
                        "div", ["class": "bulk"],
                        [.element("span", ["class": "soft"], "Those that are ticked:"), controls]), table,
                ])
        }
    }

    /// A line of text that goes with the buttons.
    static func text(_ name: String, _ label: String, placeholder: String) -> HTML {
        [
            .element("label", ["class": "hidden", "for": "bulk-\(name)"], HTML(label)),
            .start("input", ["type": "text", "name": name, "id": "bulk-\(name)", "placeholder": placeholder]),
        ]
    }

    /// A choice that goes with the buttons.
    static func choice(_ name: String, _ label: String, _ options: [(value: String, label: String)]) -> HTML {
        [
            .element("label", ["class": "hidden", "for": "bulk-\(name)"], HTML(label)),
            .element(
                "select", ["name": name, "id": "bulk-\(name)"],
                HTML(options.map { .element("option", ["value": $0.value], HTML($0.label)) })),
        ]
    }

    /// What was not done, and why.
    ///
    /// - Parameters:
    ///   - failed: The things, by name and address, with the reason.
    ///   - count: How many were ticked.
    /// - Returns: The panel.
    static func failures(_ failed: [(name: String, address: String, reason: String)], of count: Int) -> HTML {
        .panel(
            "\(failed.count) of \(count) stay as they are",
            Table(
                caption: "What was not done", columns: [.init("Which", "mono"), .init("Why", "whole")],
                rows: failed.map { failure in
                    Table.Row(
                        address: nil, cells: [.link(failure.address, HTML(failure.name)), HTML(failure.reason)])
                }
            ).html)
    }
}
