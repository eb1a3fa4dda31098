/// Things by how many of each there are: a name that leads to them, a bar, the number.
enum Bars {
    /// One of them.
    typealias Bar = (title: String, address: String, count: Int)

    static func html(_ bars: [Bar], tone: Badge.Tone) -> HTML {
        let greatest = max(bars.map(\.count).max() ?? 0, 1)
        return .element(
            "ol", ["class": "bars"],
            HTML(
                bars.map { bar in
                    .element(
                        "li",
                        [
                            .link(bar.address, HTML(bar.title)), Self.drawing(bar.count, of: greatest, tone),
                            .element("span", ["class": "number"], "\(bar.count)"),
                        ])
                }))
    }

    /// The bar itself says nothing that the number does not.
    private static func drawing(_ count: Int, of greatest: Int, _ tone: Badge.Tone) -> HTML {
        let share = max(100 * Double(count) / Double(greatest), 1)
        return .element(
            "svg",
            [
                "class": "bar \(tone.rawValue)", "viewBox": "0 0 100 8", "preserveAspectRatio": "none",
                "aria-hidden": "true", "focusable": "false",
            ],
            .element("rect", ["width": "\((share * 10).rounded() / 10)", "height": "8"], .nothing))
    }
}
