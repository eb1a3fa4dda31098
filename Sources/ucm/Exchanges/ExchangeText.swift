import AdministrationAPI
import SCEP
import Server

/// Exchanges as people read them.
enum ExchangeText {
    private static let header = ["DATE", "OUTCOME", "MESSAGE", "PROFILE", "FROM", "REQUEST", "SUBJECT", "WHAT"]

    /// How wide the columns are where what follows is not known yet.
    private static let widths = [20, 10, 13, 14, 15, 7, 28]

    /// Writes a table.
    static func write(_ exchanges: [JSONValue]) {
        guard !exchanges.isEmpty else { return print("There are no such exchanges.") }
        printTable(self.header, exchanges.map(self.cells))
    }

    /// A line of a table of which the rest is still to come.
    static func line(_ exchange: JSONValue, in style: Style) -> String {
        let cells = self.cells(exchange).map(\.printable)
        return zip(cells, self.header).enumerated().map { column, cell in
            let (text, heading) = cell
            let room = column < self.widths.count ? max(0, self.widths[column] - text.count) + 2 : 0
            return style.colored(text, Color.of(text, under: heading)) + String(repeating: " ", count: room)
        }
        .joined()
    }

    /// The algorithms in a few words; nil where none are known.
    static func algorithms(_ item: JSONValue) -> String? {
        guard let used = item["algorithms"] else { return nil }
        let names = ["signature", "digest", "cipher"].compactMap { used[$0]?.text }
        return names.isEmpty ? nil : names.joined(separator: " ")
    }

    private static func cells(_ exchange: JSONValue) -> [String] {
        [
            exchange.text("at"), exchange.text("outcome"),
            exchange.text("messageType", otherwise: exchange.text("operation")), exchange.text("profile"),
            exchange.text("address"), exchange.text("request"), shortened(exchange.text("subject"), upTo: 60),
            self.what(exchange),
        ]
    }

    private static func what(_ exchange: JSONValue) -> String {
        let further = exchange["count"]?.integer.flatMap { $0 > 1 ? "\($0) times in this minute" : nil }
        let failure = [exchange["cause"]?.text, exchange["cure"]?.text].compactMap(\.self).joined(separator: " ")
        let serial = exchange["serialNumber"]?.text.map { "serial number \($0)" }
        let good = [serial, self.algorithms(exchange)].compactMap(\.self).joined(separator: ", ")
        let parts = [failure.isEmpty ? good : failure, further ?? ""].filter { !$0.isEmpty }
        return parts.isEmpty ? "-" : shortened(parts.joined(separator: "; "))
    }
}
