import Foundation

/// A chart of bars by day, drawn here, with a table behind it for those who do not see it.
struct Chart {
    /// One of the parts of which a bar is made.
    struct Series {
        var title: String
        var tone: Badge.Tone
        var values: [Int]
    }

    var title: String
    /// What is below the bars, one for each.
    var days: [String]
    var series: [Series]

    private static let (width, height, left, bottom, top) = (1080.0, 220.0, 40.0, 24.0, 8.0)

    var html: HTML {
        [
            .element(
                "div", ["class": "legend"],
                HTML(
                    self.series.map { part in
                        .element(
                            "div", ["class": part.tone.rawValue],
                            [.element("i", .nothing), .element("span", HTML(part.title))])
                    })),
            .element("div", ["class": "wide"], self.drawing), self.table,
        ]
    }

    private var totals: [Int] {
        self.days.indices.map { day in
            self.series.reduce(0) { $0 + ($1.values.indices.contains(day) ? $1.values[day] : 0) }
        }
    }

    /// The top of the axis: a round number that no bar exceeds.
    private var maximum: Int {
        let highest = max(self.totals.max() ?? 0, 4)
        var step = 1
        while step * 4 < highest {
            let digits = "\(step)".first
            step = digits == "2" ? step / 2 * 5 : step * 2
        }
        return step * 4
    }

    private var drawing: HTML {
        let maximum = self.maximum
        let plot = Self.height - Self.bottom - Self.top
        func y(_ value: Int) -> Double { Self.top + plot * (1 - Double(value) / Double(maximum)) }
        var parts: [HTML] = (0...4).map { line in
            let value = maximum / 4 * line
            return [
                .element(
                    "line",
                    [
                        "class": line == 0 ? "axis" : "grid", "x1": Self.text(Self.left), "x2": Self.text(Self.width),
                        "y1": Self.text(y(value)), "y2": Self.text(y(value)),
                    ], .nothing),
                .element(
                    "text", ["x": Self.text(Self.left - 6), "y": Self.text(y(value) + 4), "text-anchor": "end"],
                    "\(value)"),
            ]
        }
        let slot = (Self.width - Self.left) / Double(max(self.days.count, 1))
        for (index, day) in self.days.enumerated() {
            let x = Self.left + slot * Double(index)
            var base = 0
            for part in self.series where part.values.indices.contains(index) && part.values[index] > 0 {
                let value = part.values[index]
                parts.append(
                    .element(
                        "rect",
                        [
                            "class": part.tone.rawValue, "x": Self.text(x + slot * 0.15),
                            "width": Self.text(slot * 0.7),
                            "y": Self.text(y(base + value)), "height": Self.text(y(base) - y(base + value)),
                        ], .element("title", "\(day): \(value) \(part.title)")))
                base += value
            }
            // As many days as have room are named.
            if index % max(1, self.days.count / 10) == 0 {
                parts.append(
                    .element(
                        "text",
                        ["x": Self.text(x + slot / 2), "y": Self.text(Self.height - 6), "text-anchor": "middle"],
                        HTML(String(day.suffix(5)))))
            }
        }
        return .element(
            "svg",
            [
                "class": "chart", "viewBox": "0 0 \(Self.text(Self.width)) \(Self.text(Self.height))", "role": "img",
                "aria-label": self.title,
            ], HTML(parts))
    }

    private var table: HTML {
        .element(
            "details",
            [
                .element("summary", ["class": "soft"], "As a table"),
                .element(
                    "div", ["class": "wide"],
                    .element(
                        "table",
                        [
                            .element("caption", HTML(self.title)),
                            .element(
                                "thead",
                                .element(
                                    "tr",
                                    HTML(
                                        [.element("th", ["scope": "col"], "Day")]
                                            + self.series.map {
                                                .element("th", ["scope": "col", "class": "number"], HTML($0.title))
                                            }))),
                            .element(
                                "tbody",
                                HTML(
                                    self.days.indices.reversed().map { day in
                                        .element(
                                            "tr",
                                            HTML(
                                                [.element("td", HTML(self.days[day]))]
                                                    + self.series.map { part in
                                                        .element(
                                                            "td", ["class": "number"],
                                                            "\(part.values.indices.contains(day) ? part.values[day] : 0)"
                                                        )
                                                    }))
                                    })),
                        ])),
            ])
    }

    private static func text(_ number: Double) -> String {
        let rounded = (number * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
