/// What is shown where something is wrong: what happened, and where to go.
enum ErrorPage {
    static func response(_ status: Int, _ title: String, _ detail: String, for request: PageRequest) -> PageResponse {
        PageResponse(
            status: status,
            .page(
                AlonePage.html(
                    title, theme: request.theme, style: "wider",
                    [
                        .element("h1", HTML(title)), .element("p", HTML(detail)),
                        .element(
                            "div", ["class": "buttons"],
                            .button(
                                request.visitor == nil ? "Sign in" : "To the dashboard", to: Link.to(""), style: "main")
                        ),
                        .element("p", ["class": "soft"], HTML("Status \(status)")),
                    ])))
    }
}

/// A page without the frame: signing in, and errors.
enum AlonePage {
    static func html(_ title: String, theme: String?, style: String = "", _ content: HTML) -> HTML {
        Shell.document(
            title, theme: theme,
            .element(
                "div", ["class": "alone \(style)"],
                .element(
                    "main", ["id": "main"],
                    [
                        .element("div", ["class": "brand"], [Icon.brand, "UCM"]),
                        .element("section", ["class": "panel"], content),
                    ])))
    }
}
