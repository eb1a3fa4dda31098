import AdminUI

extension HTML {
    /// A table; one that is wider than the screen is moved within itself.
    static func table(_ columns: [String], _ rows: [[HTML]]) -> HTML {
        let head = HTML(columns.map { .element("th", HTML($0)) })
        let body = HTML(rows.map { row in .element("tr", HTML(row.map { .element("td", $0) })) })
        return .element(
            "div", ["class": "wide"],
            .element("table", [.element("thead", .element("tr", head)), .element("tbody", body)]))
    }
}
