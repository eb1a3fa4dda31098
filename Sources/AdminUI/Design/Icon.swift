/// Small drawings of one line weight, which say nothing to screen readers: a word is always beside them.
enum Icon {
    static let dashboard = Self.draw("M2 2h5v6H2zM9 2h5v4H9zM9 8h5v6H9zM2 10h5v4H2z")
    static let requests = Self.draw("M3 2h10v12H3zM5.5 5h5M5.5 8h5M5.5 11h3")
    static let challenges = Self.draw("M10 2a4 4 0 1 1-2.8 6.8L2 14M4 12l2 2M10 6h.01")
    static let devices = Self.draw("M4 2h8v12H4zM7 12h2")
    static let log = Self.draw("M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10h3")
    static let certificates = Self.draw(
        "M2 3h12v8H8M5 8h2M5 5.5h6M5 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4 13v2l1-.6 1 .6v-2")
    static let templates = Self.draw("M2 2h12v3H2zM2 8h5v6H2zM10 8h4M10 11h4M10 14h4")
    static let authorities = Self.draw("M8 1l6 2.5V8c0 3.5-2.5 6-6 7-3.5-1-6-3.5-6-7V3.5z")
    static let settings = Self.draw("M3 4h6M12 4h1M3 8h1M7 8h6M3 12h5M11 12h2M9 2.5v3M4 6.5v3M8 10.5v3")
    static let system = Self.draw(
        "M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4"
    )
    static let users = Self.draw(
        "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 14c0-2.5 2-4.5 4.5-4.5s4.5 2 4.5 4.5M11 3a2.3 2.3 0 0 1 0 4.6M12.5 10a4.2 4.2 0 0 1 2 4"
    )
    static let tokens = Self.draw("M5 11a4 4 0 1 1 3.8-5H14v3h-2v2H9.5V9H8.8A4 4 0 0 1 5 11zM5 7h.01")
    static let audit = Self.draw("M4 1.5h8v13H4zM6.5 5h3M6.5 8h3M6.5 11h3")
    static let brand = Self.draw("M8 1l6 2.5V8c0 3.5-2.5 6-6 7-3.5-1-6-3.5-6-7V3.5zM5 8l2.2 2.2L11.2 6")

    static let done = Self.draw("M3 8.5l3.2 3.2L13 5")
    static let clock = Self.draw("M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5")
    static let cross = Self.draw("M4 4l8 8M12 4l-8 8")
    static let dash = Self.draw("M3 8h10")
    static let triangle = Self.draw("M8 2l6.5 12h-13zM8 7v3M8 12h.01")
    static let pause = Self.draw("M5.5 3v10M10.5 3v10")
    static let information = Self.draw("M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7v4M8 5h.01")

    private static func draw(_ path: String) -> HTML {
        .element(
            "svg",
            ["class": "icon", "viewBox": "0 0 16 16", "aria-hidden": "true"], .element("path", ["d": path], .nothing))
    }
}
