/// HTML, of which every text is escaped: markup comes only from the names of elements that the program itself says.
struct HTML: Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    /// The markup.
    let markup: String

    private init(markup: String) { self.markup = markup }

    /// A text.
    init(_ text: String) { self.init(markup: Self.escaped(text)) }

    /// A text.
    init(stringLiteral text: String) { self.init(text) }

    /// Parts behind one another.
    init(arrayLiteral parts: HTML...) { self.init(parts) }

    /// Parts behind one another.
    init(_ parts: [HTML]) { self.init(markup: parts.map(\.markup).joined()) }

    /// An element.
    static func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ content: HTML
    ) -> HTML { HTML(markup: "\(Self.start(name, attributes).markup)\(content.markup)</\(name)>") }

    /// The beginning of an element, or one that has no content and no end.
    static func start(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:]) -> HTML {
        let written = attributes.map { " \($0.key)=\"\(Self.escaped($0.value))\"" }.joined()
        return HTML(markup: "<\(name)\(written)>")
    }

    /// A whole document; a style sheet's text is not escaped, because HTML does not read any there.
    static func document(language: String, title: String, style: StaticString, body: HTML) -> HTML {
        let head: HTML = [
            .start("meta", ["charset": "utf-8"]),
            .start("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .start("meta", ["name": "color-scheme", "content": "light dark"]),
            .element("title", HTML(title)), .element("style", HTML(markup: "\(style)")),
        ]
        let page = Self.element(
            "html", ["lang": language], [.element("head", head), .element("body", body)])
        return HTML(markup: "<!doctype html>\n" + page.markup + "\n")
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension HTML {
    /// An element without attributes.
    static func element(_ name: StaticString, _ content: HTML) -> HTML { .element(name, [:], content) }

    /// A link.
    static func link(_ address: String, _ content: HTML) -> HTML { .element("a", ["href": address], content) }

    /// What a program reads or writes, in a line.
    static func code(_ text: String) -> HTML { .element("code", HTML(text)) }

    /// What is typed or answered, in lines of its own.
    static func listing(_ text: String) -> HTML { .element("pre", .code(text)) }

    /// A text in which backticks stand around what a program reads or writes.
    static func prose(_ text: String) -> HTML {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        return HTML(parts.enumerated().map { $0.offset.isMultiple(of: 2) ? HTML($0.element) : .code($0.element) })
    }

    /// A paragraph of such a text.
    static func paragraph(_ text: String) -> HTML { .element("p", .prose(text)) }

    /// A table; one that is wider than the screen is moved within itself.
    static func table(_ columns: [String], _ rows: [[HTML]]) -> HTML {
        let head = HTML(columns.map { .element("th", HTML($0)) })
        let body = HTML(rows.map { row in .element("tr", HTML(row.map { .element("td", $0) })) })
        return .element(
            "div", ["class": "wide"],
            .element("table", [.element("thead", .element("tr", head)), .element("tbody", body)]))
    }
}
