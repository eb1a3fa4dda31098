import AdminUI
import AdministrationAPI
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Server

@Suite("The administrator's pages")
struct PagesTests {
    /// A browser in which somebody is signed in, or nobody.
    struct Browser {
        let client: any TestClientProtocol
        var secret: String?
        var token: String?

        func get(_ path: String, _ method: HTTPRequest.Method = .get) async throws -> TestResponse {
            var headers: HTTPFields = [:]
            if let secret { headers[.cookie] = "\(SessionCookie.name)=\(secret)" }
            return try await self.client.execute(uri: path, method: method, headers: headers)
        }

        func post(
            _ path: String,
            _ form: [(String, String)] = [],
            token: String? = nil,
            headers: HTTPFields = [:]
        ) async throws -> TestResponse {
            var all: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            if let secret { all[.cookie] = "\(SessionCookie.name)=\(secret)" }
            for field in headers { all[field.name] = field.value }
            let fields = [("_token", token ?? self.token ?? "")] + form
            let body = fields.map { "\(APIPath.escaped($0.0))=\(APIPath.escaped($0.1))" }.joined(separator: "&")
            return try await self.client.execute(
                uri: path, method: .post, headers: all, body: ByteBuffer(string: body))
        }
    }

    static func run(_ body: @escaping @Sendable (People, Browser) async throws -> Void) async throws {
        try await LiveInstallation.serve { live, client in
            try await body(People(administration: live.administration), Browser(client: client))
        }
    }

    static func enter(_ people: People, _ browser: Browser, _ name: String, _ role: String) async throws
        -> Browser
    {
        try await people.add(name, role, at: Date())
        let signIn = try await people.signIn(name, at: Date())
        return Browser(client: browser.client, secret: signIn.secret, token: signIn.csrfToken)
    }

    private static let paths = [
        "/admin/", "/admin/requests", "/admin/account", "/admin/design", "/admin/password", "/admin/certificates",
        "/admin/certificates/new", "/admin/challenges", "/admin/challenges/new", "/admin/users", "/admin/users/new",
        "/admin/audit", "/admin/audit/verify", "/admin/log", "/admin/devices", "/admin/devices/default",
        "/admin/profiles", "/admin/profiles/new", "/admin/profiles/default",
        "/admin/cas", "/admin/cas/new", "/admin/cas/import", "/admin/ca-requests/new", "/admin/templates",
        "/admin/templates/new", "/admin/templates/Default",
        "/admin/profiles/default/explain", "/admin/tokens", "/admin/tokens/new", "/admin/roles", "/admin/roles/new",
        "/admin/roles/operator", "/admin/settings/system", "/admin/settings/limits", "/admin/settings/publication",
        "/admin/settings/sessions", "/admin/settings/audit", "/admin/settings/backup", "/admin/welcome",
    ]

    @Test("are nobody's who is not signed in, who is led to them afterwards")
    func signIn() async throws {
        try await Self.run { people, browser in
            let root = try await browser.get("/")
            #expect(root.status == .seeOther && root.headers[.location] == "/admin/")
            for path in Self.paths + ["/admin/nothing", "/admin/requests/1"] {
                let answer = try await browser.get(path)
                #expect(answer.status == .seeOther, "\(path)")
                #expect(answer.headers[.location]?.hasPrefix("/admin/sign-in") == true, "\(path)")
            }
            try await people.add("vera", "viewer", at: Date())
            let form = [("name", "vera"), ("password", People.password), ("next", "requests/../../evil")]
            let done = try await browser.post("/admin/sign-in", form)
            #expect(done.status == .seeOther && done.headers[.location] == "/admin")
            #expect(done.headers[.setCookie]?.hasPrefix("__Host-ucm=") == true)
            let wrong = try await browser.post("/admin/sign-in", [("name", "vera"), ("password", "wrong")])
            #expect(wrong.status == .unauthorized && wrong.headers[.setCookie] == nil)
            #expect(wrong.text.contains("is wrong"))
        }
    }

    @Test(
        "lead nowhere else after signing in", arguments: ["//evil.test", "https://evil.test", "\\\\evil", "%2f%2fevil"])
    func openRedirect(next: String) async throws {
        try await Self.run { people, browser in
            try await people.add("vera", "viewer", at: Date())
            let form = [("name", "vera"), ("password", People.password), ("next", next)]
            let done = try await browser.post("/admin/sign-in", form)
            #expect(done.headers[.location]?.hasPrefix("/admin/") == true)
            #expect(done.headers[.location]?.contains("//") == false)
        }
    }

    @Test("have nothing from elsewhere, are kept nowhere, and weigh little", arguments: paths)
    func pages(path: String) async throws {
        try await Self.run { people, browser in
            let ada = try await Self.enter(people, browser, "ada", "administrator")
            let answer = try await ada.get(path)
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            let policy = answer.headers[.contentSecurityPolicy] ?? ""
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            #expect(answer.text.utf8.count < 60_000)
            #expect(!answer.text.contains("style=") && !answer.text.contains("onclick"))
            let assets = answer.text.matches(of: /\/admin\/assets\/[a-z0-9.-]+/).map { String($0.output) }
            #expect(assets.count == 2)
            var weight = answer.text.utf8.count
            for asset in assets {
                let file = try await browser.get(asset)
                #expect(file.status == .ok && file.headers[.cacheControl]?.contains("immutable") == true)
                weight += file.text.utf8.count
            }
            #expect(weight < 100_000)
            let head = try await ada.get(path, .head)
            #expect(head.status == .ok && head.body.readableBytes == 0)
        }
    }

    @Test("change nothing for a form that is no page's of this session")
    func forged() async throws {
        try await Self.run { people, browser in
            let ada = try await Self.enter(people, browser, "ada", "administrator")
            let other = try await Self.enter(people, browser, "eve", "administrator")
            for token in ["", "wrong", other.token ?? ""] {
                let answer = try await ada.post("/admin/sign-out", token: token)
                #expect(answer.status == .forbidden && answer.text.contains("no longer good"))
            }
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            for headers: HTTPFields in [[site: "cross-site"], [site: "same-site"], [.origin: "https://evil.test"]] {
                #expect(try await ada.post("/admin/sign-out", headers: headers).status == .forbidden)
                #expect(try await browser.post("/admin/sign-in", headers: headers).status == .forbidden)
            }
            #expect(try await ada.get("/admin/account").status == .ok)
            #expect(try await ada.post("/admin/sign-out").headers[.location] == "/admin/sign-in")
            #expect(try await ada.get("/admin/account").status == .seeOther)
        }
    }

    @Test("with an initial password are the one to change it")
    func initialPassword() async throws {
        try await Self.run { people, browser in
            let order = AccountOrder(name: "ada", role: "administrator", password: People.password)
            _ = try await people.administration.createAccount(order, by: people.machine, at: Date())
            let signIn = try await people.signIn("ada", at: Date())
            let ada = Browser(client: browser.client, secret: signIn.secret, token: signIn.csrfToken)
            for path in ["/admin/", "/admin/requests", "/admin/account"] {
                #expect(try await ada.get(path).headers[.location] == "/admin/password")
            }
            #expect(try await ada.get("/admin/password").text.contains("Choose a password of your own"))
        }
    }

    @Test("say what is not there, and what is somebody else's to do")
    func errors() async throws {
        try await Self.run { people, browser in
            let vera = try await Self.enter(people, browser, "vera", "viewer")
            for path in ["/admin/nothing", "/admin/requests/999999", "/admin/%00", "/admin/%ff", "/admin/assets/x.css"]
            {
                #expect(try await vera.get(path).status == .notFound, "\(path)")
            }
            let denied = try await vera.post("/admin/requests/1/approve")
            #expect(denied.status == .forbidden && denied.text.contains("requests:decide"))
            #expect(try await vera.get("/admin/requests/1/approve").status == .methodNotAllowed)
            #expect(try await vera.get("/admin/requests?status=nonsense").status == .badRequest)
            let hostile = try await vera.get("/admin/requests?q=%3Cscript%3Ealert(1)%3C/script%3E%22")
            #expect(hostile.status == .ok && !hostile.text.contains("<script>alert"))
        }
    }

    @Test("are not there in the clear")
    func plain() async throws {
        try await LiveInstallation.run(at: Date()) { live in
            let router = live.installation.router(logger: .quiet, on: .http)
            try await Application(router: router, logger: .quiet).test(.router) { client in
                for path in Self.paths + ["/", "/admin/sign-in"] {
                    let answer = try await client.execute(uri: path, method: .get)
                    #expect(answer.status == .notFound, "\(path)")
                }
            }
        }
    }
}
