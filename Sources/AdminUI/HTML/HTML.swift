/// HTML, of which every text is escaped: markup comes only from the names of elements that the program itself says.
public struct HTML: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral {
    /// The attributes of an element; one without a value is not written.
    public typealias Attributes = KeyValuePairs<StaticString, String?>

    /// The markup.
    public let markup: String

    private init(markup: String) { self.markup = markup }

    /// A text.
    public init(_ text: String) { self.init(markup: Self.escaped(text)) }

    /// A text.
    public init(stringLiteral text: String) { self.init(text) }

    /// Parts behind one another.
    public init(arrayLiteral parts: HTML...) { self.init(parts) }

    /// Parts behind one another.
    public init(_ parts: [HTML]) { self.init(markup: parts.map(\.markup).joined()) }

    /// Nothing.
    public static let nothing = HTML(markup: "")

    /// An element.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - attributes: Its attributes.
    ///   - content: What is in it.
    /// - Returns: The element.
    public static func element(_ name: StaticString, _ attributes: Attributes = [:], _ content: HTML) -> HTML {
        HTML(markup: "\(Self.start(name, attributes).markup)\(content.markup)</\(name)>")
    }

    /// The beginning of an element, or one that has no content and no end.
    public static func start(_ name: StaticString, _ attributes: Attributes = [:]) -> HTML {
        var written = "<\(name)"
        for (name, value) in attributes {
            if let value { written += " \(name)=\"\(Self.escaped(value))\"" }
        }
        return HTML(markup: written + ">")
    }

    /// A drawing, or another piece of markup that the program has of its own.
    public static func literal(_ markup: StaticString) -> HTML { HTML(markup: "\(markup)") }

    /// A whole document.
    ///
    /// - Parameters:
    ///   - language: In which language it is.
    ///   - theme: `light` or `dark`, where somebody has chosen; otherwise nil.
    ///   - title: What tabs and bookmarks call it.
    ///   - head: What else belongs into its head.
    ///   - body: What is in it.
    /// - Returns: The document.
    public static func document(
        language: String,
        theme: String? = nil,
        title: String,
        head: HTML,
        body: HTML
    ) -> HTML {
        let head: HTML = [
            .start("meta", ["charset": "utf-8"]),
            .start("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .start("meta", ["name": "color-scheme", "content": theme ?? "light dark"]),
            .element("title", HTML(title)), head,
        ]
        let page = Self.element(
            "html", ["lang": language, "data-theme": theme], [.element("head", head), .element("body", body)])
        return HTML(markup: "<!doctype html>\n" + page.markup + "\n")
    }

    /// A style sheet inside of a document; its text is not escaped, because HTML does not read any there.
    public static func style(_ sheet: StaticString) -> HTML { HTML(markup: "<style>\(sheet)</style>") }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: Self.isSpecial) else { return text }
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count + 16)
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

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }
}

extension HTML {
    /// An element without attributes.
    public static func element(_ name: StaticString, _ content: HTML) -> HTML { .element(name, [:], content) }

    /// A link.
    public static func link(_ address: String, _ content: HTML) -> HTML { .element("a", ["href": address], content) }

    /// What a program reads or writes, in a line.
    public static func code(_ text: String) -> HTML { .element("code", HTML(text)) }

    /// What is typed or answered, in lines of its own.
    public static func listing(_ text: String) -> HTML { .element("pre", .code(text)) }

    /// A text in which backticks stand around what a program reads or writes.
    public static func prose(_ text: String) -> HTML {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        return HTML(parts.enumerated().map { $0.offset.isMultiple(of: 2) ? HTML($0.element) : .code($0.element) })
    }

    /// A paragraph of such a text.
    public static func paragraph(_ text: String) -> HTML { .element("p", .prose(text)) }
}
