import AdminUI
import AdministrationAPI
import HTTPTypes

/// Each route on the page.
extension DocsPage {
    /// What is said of a route.
    static func article(_ route: APIRoute) -> HTML {
        .element(
            "article", ["id": route.name],
            [
                .element(
                    "h3",
                    [
                        .element(
                            "span", ["class": "method \(route.method.rawValue.lowercased())"],
                            HTML(route.method.rawValue)), " ",
                        .code(APIPath.root + route.path),
                        .element("a", ["class": "anchor", "href": "#\(route.name)"], HTML(route.name)),
                    ]),
                .element(
                    "p",
                    [.prose(route.summary), " ", .element("span", ["class": "access"], .prose(route.access.sentence))]),
                Self.parameters(of: route),
                Self.body(of: route),
                Self.listing(route),
                Self.answer(of: route),
                Self.problems(of: route),
            ])
    }

    private static func parameters(of route: APIRoute) -> HTML {
        let inPath: [[HTML]] = route.pathParameters.map { name, summary in
            [
                [.code(name), .element("b", ["class": "required"], "path")],
                SchemaText.type(OpenAPI.pathSchema(name).json), .prose(summary),
            ]
        }
        let inQuery: [[HTML]] = route.query.map { parameter in
            [
                .code(parameter.name), SchemaText.type(parameter.schema.json),
                .prose(parameter.schema.json["description"]?.text ?? ""),
            ]
        }
        var headers: [[HTML]] = []
        if route.isCreation {
            headers.append([
                .code("Idempotency-Key"), "header",
                "Repeated under the same key, the request is done once (for a day).",
            ])
        }
        if route.isEdit {
            headers.append([.code("If-Match"), "header", "The ETag of what was seen; 412 where it has changed since."])
        }
        let rows = inPath + inQuery + headers
        return rows.isEmpty ? "" : .table(["Parameter", "Value", "Meaning"], rows)
    }

    private static func body(of route: APIRoute) -> HTML {
        guard let input = route.input else { return "" }
        return [.element("h4", "What is sent"), Self.members(of: input.json, marksRequired: true)]
    }

    /// The request as curl sends it.
    private static func listing(_ route: APIRoute) -> HTML {
        var lines = ["curl"]
        if route.method != .get { lines[0] += " -X \(route.method.rawValue)" }
        if route.access != .anyone { lines[0] += " -H \"Authorization: Bearer $TOKEN\"" }
        if let body = Self.exampleBody(of: route) {
            lines.append("  -H 'Content-Type: application/json'")
            lines.append("  -d '\(body.compactText)'")
        }
        let path = route.segments.map {
            $0.hasPrefix("{") ? Self.examplePart(String($0.dropFirst().dropLast()), of: route) : $0
        }
        lines.append("  https://ca.example.com:8443\(APIPath.root)/\(path.joined(separator: "/"))")
        return .listing(lines.joined(separator: " \\\n"))
    }

    private static func exampleBody(of route: APIRoute) -> JSONValue? {
        guard let input = route.input else { return nil }
        if let example = route.inputExample { return example }
        let example = SchemaText.example(of: input.json)
        return example == .object(JSONObject()) ? nil : example
    }

    /// Something that may stand in a path.
    private static func examplePart(_ name: String, of route: APIRoute) -> String {
        switch (name, route.segments.first) {
        case ("id", _): "17"
        case ("serial", _): "3fa0c1"
        case ("address", _): "10.1.2.3"
        case (_, "profiles"): "default"
        case (_, "templates"): "Door%20Locks"
        case (_, "cas"), (_, "crls"): "ucm-ca"
        case (_, "users"): "alice"
        case (_, "roles"): "helpdesk"
        default: "Devices"
        }
    }

    private static func answer(of route: APIRoute) -> HTML {
        let status = HTML.element("span", ["class": "status"], HTML("\(route.answer.status.code)"))
        let kinds = route.answer.content.map { type, schema -> HTML in
            guard type == "application/json" else { return [" ", .code(type)] }
            return schema.json["$ref"] == nil ? "" : [" ", SchemaText.type(schema.json)]
        }
        let own = route.answer.content.first { $0.type == "application/json" && $0.schema.json["properties"] != nil }
        return [
            .element("h4", "What is answered"),
            .element("p", [status, " ", .prose(route.answer.summary), HTML(kinds)]),
            own.map { Self.members(of: $0.schema.json, marksRequired: false) } ?? "",
        ]
    }

    /// The problems that are this route's own; the others are said once for all.
    private static func problems(of route: APIRoute) -> HTML {
        let own = APIProblem.Code.allCases.filter { route.problems.contains($0) && !Self.usualProblems.contains($0) }
        guard !own.isEmpty else { return "" }
        let links = own.map { code -> HTML in
            [" ", .link("#problem-\(code.rawValue)", [HTML("\(code.status.code) "), .code(code.rawValue)])]
        }
        return .element("p", ["class": "problems"], ["Problems:", HTML(links)])
    }
}
