import AdminUI
import AdministrationAPI
import Crypto
import Foundation
import HTTPTypes
import SCEP

/// The API as a page that people read, made from the routes that are served: no script, nothing from elsewhere.
struct DocsPage: Sendable {
    /// The page.
    let html: String
    /// What browsers may do with it: nothing but to show it with its own style sheet.
    let contentSecurityPolicy: String
    /// What stands for this page among others.
    let tag: String

    /// The page of this program.
    static let current = DocsPage()

    private init() {
        self.html =
            HTML.document(language: "en", title: "UCM API", head: .style(DocsStyle.sheet), body: Self.body).markup
        let style = Data(SHA256.hash(data: Data("\(DocsStyle.sheet)".utf8))).base64EncodedString()
        self.contentSecurityPolicy =
            "default-src 'none'; style-src 'sha256-\(style)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        self.tag = "\"" + SHA256.hash(data: Data(self.html.utf8)).hexadecimal.prefix(32) + "\""
    }

    private static var body: HTML {
        let main = HTML([Self.introduction] + OpenAPI.groups.map(Self.group) + [Self.schemas, Self.problems])
        return [
            .element("a", ["class": "skip", "href": "#introduction"], "To the text"),
            .element(
                "header",
                [
                    .element("a", ["href": "#introduction", "class": "name"], "UCM API"),
                    .element("span", ["class": "version"], HTML(ProgramVersion.current)),
                    .link(APIPath.root + "/openapi.json", "OpenAPI"),
                ]),
            .element("div", ["class": "columns"], [Self.contents, .element("main", main)]),
        ]
    }

    /// Where everything is.
    private static var contents: HTML {
        let groups = OpenAPI.groups.map { group in
            let routes = API.routes.filter { $0.group == group }.map { route in
                HTML.element("li", .link("#\(route.name)", HTML(route.name)))
            }
            return HTML.element(
                "li",
                .element(
                    "details",
                    [.element("summary", .link("#\(Self.anchor(group))", HTML(group))), .element("ul", HTML(routes))]))
        }
        let ends: [HTML] = [("schemas", "Schemas"), ("problems", "Problems")].map { anchor, title in
            .element("li", .link("#\(anchor)", HTML(title)))
        }
        let chapters: [HTML] = DocsPage.chapters.map { .element("li", .link("#\($0.anchor)", HTML($0.title))) }
        return .element(
            "nav", ["aria-label": "Contents"], .element("ul", HTML(chapters + groups + ends)))
    }

    /// The anchor of a group, besides which no operation is called so.
    static func anchor(_ group: String) -> String {
        "group-" + group.lowercased().replacingOccurrences(of: " ", with: "-")
    }

    private static func group(_ name: String) -> HTML {
        .element(
            "section",
            [
                .element("h2", ["id": Self.anchor(name)], HTML(name)),
                HTML(API.routes.filter { $0.group == name }.map(Self.article)),
            ])
    }

    private static var schemas: HTML {
        let all = OpenAPI.schemas + [("Problem", APIProblem.schema)]
        return .element(
            "section",
            [
                .element("h2", ["id": "schemas"], "Schemas"),
                HTML(
                    all.map { name, schema in
                        .element(
                            "article", ["id": "schema-\(name)"],
                            [.element("h3", HTML(name)), Self.members(of: schema.json, marksRequired: false)])
                    }),
            ])
    }

    private static var problems: HTML {
        .element(
            "section",
            [
                .element("h2", ["id": "problems"], "Problems"),
                .paragraph(
                    "What goes wrong is answered as `application/problem+json` (RFC 9457). `code` is stable and for programs; `detail` says what happened to this request."
                ),
                HTML(
                    APIProblem.Code.allCases.map { code in
                        .element(
                            "article", ["id": "problem-\(code.rawValue)", "class": "problem"],
                            [
                                .element(
                                    "h3",
                                    [
                                        .element("span", ["class": "status"], HTML("\(code.status.code)")), " ",
                                        .code(code.rawValue),
                                    ]),
                                .element(
                                    "p", [.element("strong", HTML(code.title + ".")), " ", .prose(code.explanation)]),
                            ])
                    }),
            ])
    }

    /// What an object has.
    static func members(of schema: JSONValue, marksRequired: Bool) -> HTML {
        .table(
            ["Field", "Value", "Meaning"],
            SchemaText.members(of: schema).map { member in
                [
                    [
                        .code(member.path),
                        marksRequired && member.isRequired ? .element("b", ["class": "required"], "required") : "",
                    ], SchemaText.type(member.schema),
                    [.prose(member.schema["description"]?.text ?? ""), Self.example(member.schema)],
                ]
            })
    }

    private static func example(_ schema: JSONValue) -> HTML {
        guard let example = schema["examples"]?.array?.first else { return "" }
        return .element("span", ["class": "example"], [" ", .code(example.text ?? example.compactText)])
    }
}
