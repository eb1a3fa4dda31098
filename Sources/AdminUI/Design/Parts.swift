import AdministrationAPI
import Foundation

/// The parts of which pages are made.
extension HTML {
    /// Something with a border and a heading.
    static func panel(_ title: HTML, actions: HTML = .nothing, _ content: HTML) -> HTML {
        .element(
            "section", ["class": "panel"],
            [
                .element("header", [.element("h2", title), .element("div", ["class": "actions"], actions)]), content,
            ])
    }

    /// The inside of a panel that is no table.
    static func body(_ content: HTML) -> HTML { .element("div", ["class": "body"], content) }

    /// Names and what they stand for.
    static func facts(_ facts: [(String, HTML?)]) -> HTML {
        .element(
            "dl", ["class": "facts"],
            HTML(facts.flatMap { name, value in value.map { [.element("dt", HTML(name)), .element("dd", $0)] } ?? [] }))
    }

    /// A number that leads to the list behind it.
    static func figure(
        _ label: String,
        _ value: String,
        to address: String?,
        tone: Badge.Tone? = nil,
        isCurrent: Bool = false
    ) -> HTML {
        let content: HTML = [
            .element("span", ["class": "value"], HTML(value)), .element("span", ["class": "label"], HTML(label)),
        ]
        let style = "figure" + (tone.map { " " + $0.rawValue } ?? "")
        guard let address else { return .element("li", .element("div", ["class": style], content)) }
        return .element(
            "li",
            .element("a", ["class": style, "href": address, "aria-current": isCurrent ? "true" : nil], content))
    }

    /// Several of them in a row.
    static func figures(_ figures: [HTML]) -> HTML { .element("ul", ["class": "figures"], HTML(figures)) }

    /// What somebody should know.
    static func notice(_ tone: Badge.Tone, _ content: HTML) -> HTML {
        let icon =
            switch tone {
            case .good: Icon.done
            case .wait, .bad: Icon.triangle
            case .over, .accent: Icon.information
            }
        return .element(
            "div", ["class": "notice toast \(tone.rawValue)", "role": tone == .bad ? "alert" : "status"],
            [icon, .element("div", content)])
    }

    /// What stands where there is nothing yet.
    static func empty(_ title: String, _ content: HTML) -> HTML {
        .element("div", ["class": "empty"], [.element("h2", HTML(title)), content])
    }

    /// A time as people read it: relative where scripts run, with the whole on hover; otherwise as it is in UTC.
    static func time(_ text: String?, exact: Bool = false) -> HTML {
        guard let text else { return .element("span", ["class": "soft"], "–") }
        let whole = text.replacingOccurrences(of: "T", with: " ").replacingOccurrences(of: "Z", with: " UTC")
        let shown = whole.replacingOccurrences(of: #"\.\d+"#, with: "", options: .regularExpression)
        return .element(
            "time", ["datetime": text, "data-told": exact ? "exact" : nil], HTML(shown))
    }

    /// A text of one width for all letters, cut where it is long, with the whole on hover.
    static func mono(_ text: String, upTo limit: Int = .max) -> HTML {
        let isLong = text.count > limit
        return .element(
            "span", ["class": "mono", "title": isLong ? text : nil], HTML(isLong ? text.prefix(limit) + "…" : text))
    }

    /// What is shown once, to be copied.
    static func secret(_ text: String) -> HTML { .element("output", ["class": "secret"], HTML(text)) }

    /// Lines to be copied.
    static func lines(_ text: String) -> HTML {
        .element("div", ["class": "listing"], .element("pre", .element("code", HTML(text))))
    }

    /// A link that looks like a button.
    static func button(_ title: String, to address: String, style: String = "") -> HTML {
        .element("a", ["class": "button \(style)", "href": address], HTML(title))
    }
}
