/// A list with its filters above and its pages below.
struct Listing {
    /// The list's path.
    var path: String
    var query: PageFields
    /// What it is narrowed by; empty for a list that is never long.
    var filters: [HTML] = []
    var table: Table
    /// What stands where there is nothing at all.
    var empty: (title: String, text: String)
    /// What comes after this page; nil for nothing.
    var next: String?
    /// Whether it is kept up to date where scripts run, with a mark on what has changed since it was opened.
    var isLive = false
    /// What is around the table, as a form for what is ticked.
    var around: (HTML) -> HTML = { $0 }

    var html: HTML {
        let fields = Filters(path: self.path, query: self.query)
        let nothing: HTML =
            self.next != nil
            ? .empty(
                "Nothing so far",
                .element("p", "What is older is not looked through yet: the next page goes on where this one ends."))
            : fields.areSet && !self.filters.isEmpty
                ? .empty("Nothing fits", .element("p", "Nothing is like that. Clear the filters to see everything."))
                : .empty(self.empty.title, .element("p", HTML(self.empty.text)))
        return .element(
            "section", ["class": "panel", "data-live": self.isLive ? "" : nil],
            [
                self.filters.isEmpty ? .nothing : fields.html(self.filters),
                self.table.rows.isEmpty ? nothing : self.around(self.table.html),
                Paging.links(self.path, self.query, next: self.next, count: self.table.rows.count),
            ])
    }

    /// The same, with a place beside it where the detail of a row opens, where scripts run and there is room.
    var beside: HTML {
        .element(
            "div", ["class": "beside"],
            [self.html, .element("aside", ["class": "detail", "aria-live": "polite"], .nothing)])
    }
}
