import AdministrationAPI

/// What happened to a request or a device, on a line of time: what was asked, with which algorithms, what was answered, and
/// for a failure its cause and cure.
enum Timeline {
    /// One thing that happened.
    struct Item {
        /// When.
        var date: String?
        /// When it happened for the last time, where it is the same thing several times.
        var last: String?
        /// How often.
        var count = 1
        var title: String
        var tone: Badge.Tone
        /// Whether anybody is answered who asks it: what the server can, and which certificates it has.
        var isQuestion = false
        /// What stands softly beside it: algorithms, an address, who decided.
        var remarks: [String] = []
        var detail: String?
        var cause: String?
        var cure: String?
    }

    /// The panel.
    static func panel(_ title: HTML, actions: HTML = .nothing, _ items: [Item], empty: String = "") -> HTML {
        .panel(
            title, actions: actions,
            items.isEmpty
                ? .empty("Nothing yet", .element("p", HTML(empty)))
                : .element("ol", ["class": "timeline"], HTML(Self.gathered(items).map(Self.line))))
    }

    /// What the API says of a request.
    static func item(ofRequest item: JSONValue) -> Item {
        guard item.word("kind") == "exchange", let exchange = item["exchange"] else {
            return Self.item(event: item["event"] ?? .null)
        }
        var made = Self.item(exchange: exchange)
        made.title = item.word("title")
        return made
    }

    /// An entry of the audit log.
    static func item(event: JSONValue) -> Item {
        let tone: Badge.Tone =
            switch event.word("kind") {
            case "refused", "rejected", "certificateRevoked": .bad
            case "pending", "approvalGiven": .wait
            case "expired": .over
            default: .good
            }
        return Item(
            date: event["at"]?.text, title: event.word("title"), tone: tone, detail: event["detail"]?.text)
    }

    /// An entry of the log of exchanges.
    static func item(exchange: JSONValue) -> Item {
        let outcome = exchange.word("outcome")
        return Item(
            date: exchange["at"]?.text, title: "\(Self.asked(exchange)): \(outcome)", tone: Badge.tone(of: outcome),
            isQuestion: outcome == "answered", remarks: Self.remarks(exchange), detail: Self.detail(exchange),
            cause: exchange["cause"]?.text,
            cure: exchange["cure"]?.text)
    }

    /// What a client asked for: the messageType where there is one.
    static func asked(_ exchange: JSONValue) -> String {
        exchange["messageType"]?.text ?? exchange.word("operation")
    }

    private static func remarks(_ exchange: JSONValue) -> [String] {
        let algorithms = exchange["algorithms"] ?? .null
        let used = ["signature", "digest", "cipher"].compactMap { algorithms[$0]?.text }
        return [
            "from \(exchange.word("address"))", used.isEmpty ? nil : used.joined(separator: ", "),
            exchange["milliseconds"]?.integer.map { "\($0) ms" },
        ].compactMap(\.self)
    }

    private static func detail(_ exchange: JSONValue) -> String? {
        let further = exchange.count("count") - 1
        let parts = [
            exchange["failInfo"]?.text.map { "failInfo \($0)" },
            exchange["serialNumber"]?.text.map { "serial number \($0)" },
            further > 0 ? "and \(further) more of this address in the same minute" : nil,
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The same with what repeats itself said once: a device may poll for weeks, and asks what there is before each message.
    private static func gathered(_ items: [Item]) -> [Item] {
        items.reduce(into: []) { gathered, item in
            guard let last = gathered.last, Self.isMore(item, of: last) else {
                gathered.append(item)
                return
            }
            let place = gathered.count - 1
            if !last.title.contains(item.title) { gathered[place].title += ", " + item.title }
            gathered[place].count += 1
            gathered[place].last = item.date
        }
    }

    /// Whether something is another one of what came before: the same, or a further question that anybody is answered.
    private static func isMore(_ item: Item, of last: Item) -> Bool {
        guard item.cause == nil, last.cause == nil, item.detail == last.detail, item.tone == last.tone else {
            return false
        }
        return item.title == last.title || item.isQuestion && last.isQuestion
    }

    private static func line(_ item: Item) -> HTML {
        let repeated: HTML =
            item.count > 1
            ? [
                .element("span", ["class": "soft"], ["\(item.count) times, until ", .time(item.last, exact: true)])
            ] : .nothing
        return .element(
            "li", ["class": item.tone.rawValue],
            [
                .element("span", ["class": "when"], .time(item.date, exact: true)),
                .element("strong", HTML(item.title)), " ", repeated,
                item.remarks.isEmpty
                    ? .nothing
                    : .element("span", ["class": "soft remarks"], HTML(item.remarks.joined(separator: " · "))),
                item.detail.map { .element("div", HTML($0)) } ?? .nothing,
                item.cause.map { .element("p", ["class": "cause"], HTML($0)) } ?? .nothing,
                item.cure.map { .element("p", ["class": "cure"], HTML($0)) } ?? .nothing,
            ])
    }
}
