import AdministrationAPI

/// Signing in.
enum SignInPages {
    private static let path = ["sign-in"]

    /// Answers what has to do with signing in; nil where it is another page that is asked for.
    static func answer(_ request: PageRequest) async throws(APIRefusal) -> PageResponse? {
        guard request.path == Self.path else { return nil }
        guard request.method == "POST" else {
            guard request.visitor == nil else { return .go(Self.destination(request.query["next"])) }
            return Self.page(request)
        }
        let code = request.form["code"]
        var body: JSONValue = [
            "name": .string(request.form["name"] ?? ""), "password": .string(request.form.exact("password") ?? ""),
        ]
        if let code { body.append("code", .string(code)) }
        let result = await request.api.send(APIMessage("POST", ["session"], body: body))
        guard result.isSuccess else { return Self.refusal(result, request) }
        let mustChange = result.value["mustChangePassword"]?.bool == true
        return .go(
            mustChange ? Link.to("/password") : Self.destination(request.form["next"]),
            cookies: [result.cookie].compactMap(\.self))
    }

    /// To the page for signing in, from which it goes on to what was asked for.
    static func redirect(from request: PageRequest) -> PageResponse {
        let next = request.method == "GET" && !request.path.isEmpty ? request.path.joined(separator: "/") : nil
        return .go(Link.to("/sign-in", next.map { [(name: "next", value: $0)] } ?? []))
    }

    /// Where it goes on: to one of our own pages, whatever somebody has put into a link.
    private static func destination(_ next: String?) -> String {
        let parts = (next ?? "").split(separator: "/").map { APIPath.escaped(String($0)) }
        return parts.contains("..") ? Link.to("") : AdminPages.root + "/" + parts.joined(separator: "/")
    }

    private static func refusal(_ result: APIResult, _ request: PageRequest) -> PageResponse {
        let problem = APIRefusal(result: result)
        switch problem.code {
        case "code-needed":
            return Self.page(
                request, asksForCode: true, status: 401,
                .notice(.accent, .element("p", "This user has an authenticator: type its code, too.")))
        case "invalid", "wrong-credentials":
            return Self.page(
                request, asksForCode: request.form["code"] != nil, status: 401,
                .notice(.bad, .element("p", "The name, the password or the code is wrong.")))
        default:
            return Self.page(request, status: result.status, .notice(.bad, .element("p", HTML(problem.detail))))
        }
    }

    private static func page(
        _ request: PageRequest,
        asksForCode: Bool = false,
        status: Int = 200,
        _ notice: HTML = .nothing
    ) -> PageResponse {
        let name = request.form["name"]
        let code = FormField(
            "code", "Code", hint: "Six digits of your authenticator, or a recovery code.", isRequired: true)
        return PageResponse(
            status: status,
            .page(
                AlonePage.html(
                    "Sign in", theme: request.theme,
                    [
                        .element("h1", "Sign in"), notice,
                        .element(
                            "form", ["method": "post", "action": Link.to("/sign-in")],
                            [
                                .start(
                                    "input",
                                    [
                                        "type": "hidden", "name": "next",
                                        "value": request.form["next"] ?? request.query["next"] ?? "",
                                    ]),
                                FormField("name", "User", isRequired: true).input(
                                    value: name, autocomplete: "username", focused: name == nil),
                                FormField("password", "Password", isRequired: true).input(
                                    "password", autocomplete: "current-password", focused: name != nil && !asksForCode),
                                asksForCode ? code.input(autocomplete: "one-time-code") : .nothing,
                                .submit("Sign in"),
                            ]),
                    ])))
    }
}
