import AdministrationAPI

/// Sessions: since when, from where, by which program, and how to end one.
enum SessionTable {
    /// A table of them.
    ///
    /// - Parameters:
    ///   - caption: Whose they are.
    ///   - sessions: As the API answers them.
    ///   - context: Who looks.
    ///   - end: Where the form for ending one is sent; nil where it may not be ended.
    /// - Returns: The table.
    static func html(
        _ caption: String,
        _ sessions: [JSONValue],
        _ context: PageContext,
        end: ((String) -> String)?
    ) -> HTML {
        Table(
            caption: caption,
            columns: [
                .init("From", "mono", isLabelled: false), .init("", "state", isLabelled: false), .init("Program"),
                .init("Began"), .init("Last used"), .init("Ends"),
            ],
            rows: sessions.map { session in
                let program = session["userAgent"]?.text ?? "–"
                return Table.Row(
                    address: nil,
                    cells: [
                        HTML(session.word("address")), Self.state(session, context, end),
                        .element("span", ["title": program], HTML(program)), .time(session["createdAt"]?.text),
                        .time(session["lastUsedAt"]?.text), .time(session["expiresAt"]?.text),
                    ])
            }
        ).html
    }

    private static func state(_ session: JSONValue, _ context: PageContext, _ end: ((String) -> String)?) -> HTML {
        guard !session.isTrue("current") else { return .element("span", ["class": "badge good"], "this one") }
        guard let end else { return .nothing }
        return .form(
            to: end(session.word("id")), by: context.visitor, style: "inline", .submit("End", style: "small"))
    }
}
