import AdminUI
import AdministrationAPI
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Registry

/// Serves the administrator's pages below `/admin`: reads HTTP, finds out who looks, and writes what is answered.
struct PagesController: RouterMiddleware {
    typealias Context = UCMRequestContext

    let api: API
    /// The port of the listener without TLS; nil where there is none.
    var plainPort: Int?

    /// How many bytes a form may have; the largest has several certificates and keys in it.
    private static let maximumForm = 1 << 20
    /// What browsers may do with a page: nothing but with what is ours.
    private static let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    private static let themeCookie = "ucm-theme"

    func handle(
        _ request: Request,
        context: UCMRequestContext,
        next: (Request, UCMRequestContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        if path == "/", request.method == .get || request.method == .head {
            return Response(status: .seeOther, headers: [.location: AdminPages.root + "/"])
        }
        guard path == AdminPages.root || path.hasPrefix(AdminPages.root + "/") else {
            return try await next(request, context)
        }
        let start = ContinuousClock.now
        let answer: PageResponse
        do {
            answer = await AdminPages.answer(try await self.pageRequest(request, path: path, context))
        } catch let error as RegistryError {
            self.api.logger?.error(
                "a page could not be shown",
                metadata: ["path": "\(path)", "reason": "\(error)", "client": "\(context.client)"])
            answer = AdminPages.unavailable(theme: Self.theme(request))
        }
        return Self.response(answer, to: request, after: ContinuousClock.now - start)
    }

    private func pageRequest(_ request: Request, path: String, _ context: UCMRequestContext) async throws -> PageRequest
    {
        let now = Date()
        let segments = URLEncoded.segments(path.dropFirst(AdminPages.root.count))?.filter { !$0.isEmpty }
        let secret = request.headers[.cookie].flatMap(SessionCookie.secret)
        let administration = self.api.administration
        var principal: Principal?
        if let secret {
            principal = try await administration.principal(forSession: secret, address: context.client, at: now)
        }
        let isForm = request.method == .post
        var page = PageRequest(
            method: isForm ? "POST" : request.method == .get || request.method == .head ? "GET" : "OTHER",
            path: segments ?? ["?"],
            query: PageFields(URLEncoded.fields(request.uri.query ?? "") ?? []),
            visitor: principal.map { principal in
                Visitor(
                    name: principal.name, role: principal.role ?? "",
                    permissions: Set(principal.permissions.map(\.rawValue)),
                    mustChangePassword: principal.mustChangePassword,
                    formToken: secret.map(Administration.csrfToken) ?? "")
            },
            theme: Self.theme(request),
            origin: "https://" + (request.head.authority ?? "localhost"),
            plainOrigin: self.plainOrigin(request),
            now: now,
            api: PagesAPI(
                api: self.api, principal: principal, session: secret, address: context.client,
                userAgent: request.headers[.userAgent] ?? "")
        )
        guard isForm else { return page }
        let buffer = try await request.body.collect(upTo: Self.maximumForm)
        page.form = PageFields(URLEncoded.fields(String(buffer: buffer)) ?? [])
        let needsToken = principal != nil && page.path != ["sign-in"]
        page.isForged = !Self.isOurs(request) || needsToken && !Self.hasToken(page.form, of: secret)
        return page
    }

    /// The plain listener, by the name under which the browser knows this server.
    private func plainOrigin(_ request: Request) -> String? {
        guard let plainPort,
            var components = URLComponents(string: "https://" + (request.head.authority ?? "localhost"))
        else { return nil }
        components.scheme = "http"
        components.port = plainPort == 80 ? nil : plainPort
        return components.string
    }

    /// Whether a form was sent by a page of this server, as browsers tell.
    private static func isOurs(_ request: Request) -> Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name] {
            return ["same-origin", "none"].contains(site)
        }
        guard let origin = request.headers[.origin] else { return true }
        return origin == "https://" + (request.head.authority ?? "")
    }

    private static func hasToken(_ form: PageFields, of secret: String?) -> Bool {
        guard let secret, let token = form[PageRequest.tokenField] else { return false }
        return Administration.isCSRFToken(token, of: secret)
    }

    private static func theme(_ request: Request) -> String? {
        let pairs = (request.headers[.cookie] ?? "").split(separator: ";").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return ["light", "dark"].first { pairs.contains("\(Self.themeCookie)=\($0)") }
    }

    private static func response(_ answer: PageResponse, to request: Request, after duration: Duration) -> Response {
        var headers: HTTPFields = [
            .contentSecurityPolicy: Self.policy, .xContentTypeOptions: "nosniff", .cacheControl: "no-store",
        ]
        let milliseconds = Double(duration.components.attoseconds) / 1e15 + Double(duration.components.seconds) * 1000
        for (name, value) in [
            ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Server-Timing", "page;dur=\((milliseconds * 10).rounded() / 10)"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        for cookie in answer.cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        var body: [UInt8] = []
        switch answer.body {
        case .page(let html):
            headers[.contentType] = "text/html; charset=utf-8"
            body = Array(html.markup.utf8)
        case .redirect(let path): headers[.location] = path
        case .asset(let text, let type):
            headers[.contentType] = type
            headers[.cacheControl] = "public, max-age=31536000, immutable"
            body = Array(text.utf8)
        case .file(let bytes, let type, let name):
            headers[.contentType] = type
            headers[.contentDisposition] = APIPath.attachment(name)
            body = bytes
        case .download(let file, let name):
            headers[.contentType] = file.type
            headers[.contentDisposition] = APIPath.attachment(name)
            return Response(
                status: HTTPResponse.Status(code: answer.status), headers: headers,
                body: ResponseBody { writer in
                    try await file.write { try await writer.write(ByteBuffer(bytes: $0)) }
                    try await writer.finish(nil)
                })
        }
        headers[.contentLength] = "\(body.count)"
        let isHead = request.method == .head
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
