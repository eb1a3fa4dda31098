extension SQLValue {
    /// A text that is cut where it has more bytes than anybody reads, because it came from outside.
    static func text(_ text: String, atMost maximum: Int) -> SQLValue {
        .text(text.shortened(to: maximum))
    }

    /// From where a request came: an address, or a sentence in its place.
    static func address(_ address: String) -> SQLValue {
        .text(address, atMost: 200)
    }

    /// A subject; in an index of PostgreSQL's it has to be shorter than 2.7 kB.
    static func subject(_ subject: String) -> SQLValue {
        .text(subject, atMost: 2_000)
    }
}

extension String {
    /// The text with at most so many bytes of UTF-8, and an ellipsis where there were more.
    func shortened(to maximum: Int) -> String {
        guard self.utf8.count > maximum else { return self }
        var scalars = String.UnicodeScalarView()
        var count = 0
        for scalar in self.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= maximum else { break }
            scalars.append(scalar)
        }
        return String(scalars) + "…"
    }

    /// The text as every database can keep it: U+FFFD stands for U+0000, which PostgreSQL refuses and at which SQLite's
    /// own functions stop reading.
    var storable: String {
        guard self.utf8.contains(0) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in self.unicodeScalars { scalars.append(scalar.value == 0 ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }
}
