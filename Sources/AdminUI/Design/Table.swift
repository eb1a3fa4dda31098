/// A table of things that have pages of their own.
struct Table {
    /// A column.
    struct Column {
        var title: String
        /// How its cells look: `name`, `mono`, `number`, `state`.
        var style = ""
        /// Whether it is left out where there is little room.
        var isLabelled = true

        init(_ title: String, _ style: String = "", isLabelled: Bool = true) {
            (self.title, self.style, self.isLabelled) = (title, style, isLabelled)
        }
    }

    /// A row.
    struct Row {
        /// The page of the thing; nil where it has none.
        var address: String?
        var cells: [HTML]
        /// The value of its checkbox, where several can be ticked.
        var tick: (name: String, value: String, label: String)?
        /// What stands for the thing in a list that is kept up to date.
        var key: String?
    }

    /// What the table is of, for those who do not see it.
    var caption: String
    var columns: [Column]
    var rows: [Row]

    var html: HTML {
        let isTicked = self.rows.contains { $0.tick != nil }
        let head = HTML(
            (isTicked ? [Self.tickAll] : [])
                + self.columns.map { .element("th", ["scope": "col", "class": $0.style], HTML($0.title)) })
        let body = HTML(
            self.rows.map { row in
                .element(
                    "tr", ["data-href": row.address, "data-key": row.key],
                    HTML(
                        (isTicked ? [Self.tick(row)] : [])
                            + zip(self.columns, row.cells).map { column, cell in
                                .element(
                                    "td",
                                    [
                                        "class": column.style.isEmpty ? nil : column.style,
                                        "data-label": column.isLabelled ? column.title : nil,
                                    ], cell)
                            }))
            })
        return .element(
            "div", ["class": "wide"],
            .element(
                "table", ["class": "stack"],
                [
                    .element("caption", ["class": "hidden"], HTML(self.caption)),
                    .element("thead", .element("tr", head)), .element("tbody", body),
                ]))
    }

    private static let tickAll = HTML.element(
        "th", ["scope": "col", "class": "tick"],
        .start("input", ["type": "checkbox", "data-all": "", "aria-label": "Tick all"]))

    private static func tick(_ row: Row) -> HTML {
        .element(
            "td", ["class": "tick"],
            row.tick.map { tick in
                .start(
                    "input",
                    ["type": "checkbox", "name": tick.name, "value": tick.value, "aria-label": "Tick \(tick.label)"])
            } ?? .nothing)
    }
}

/// Where a list goes on: by keys, so that the millionth row is as near as the first.
enum Paging {
    /// The links below a list.
    ///
    /// - Parameters:
    ///   - path: The list's path.
    ///   - query: What it is narrowed by.
    ///   - next: What comes after this page; nil for nothing.
    ///   - count: How many are on this page.
    /// - Returns: The links; nothing where everything is on one page.
    static func links(_ path: String, _ query: PageFields, next: String?, count: Int) -> HTML {
        guard next != nil || query["after"] != nil else { return .nothing }
        let kept = query.all.filter { !["after", "done"].contains($0.name) && !$0.value.isEmpty }
        return .element(
            "nav", ["class": "pages", "aria-label": "Pages"],
            [
                query["after"] == nil
                    ? .element("span", .nothing) : .button("First page", to: Link.to(path, kept), style: "small"),
                .element("span", ["class": "soft"], "\(count) on this page"),
                next.map {
                    .button("Next page", to: Link.to(path, kept + [(name: "after", value: $0)]), style: "small")
                } ?? .element("span", ["class": "soft"], "The end"),
            ])
    }
}
