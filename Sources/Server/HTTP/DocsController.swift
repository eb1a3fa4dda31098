import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the page that explains the API, at `/api/docs`.
struct DocsController: Sendable {
    static let path = "/api/docs"

    func addRoutes(to router: Router<UCMRequestContext>) {
        router.get(RouterPath(Self.path)) { request, _ in Self.response(to: request, hasBody: true) }
        router.head(RouterPath(Self.path)) { request, _ in Self.response(to: request, hasBody: false) }
    }

    private static func response(to request: Request, hasBody: Bool) -> Response {
        let page = DocsPage.current
        var headers: HTTPFields = [
            .eTag: page.tag,
            // Another program at this address has another page.
            .cacheControl: "no-cache",
            .contentSecurityPolicy: page.contentSecurityPolicy,
            .xContentTypeOptions: "nosniff",
        ]
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        if APIReply.isKnown(page.tag, to: request.headers[.ifNoneMatch]) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "text/html; charset=utf-8"
        let bytes = ByteBuffer(string: page.html)
        headers[.contentLength] = "\(bytes.readableBytes)"
        return Response(
            status: .ok, headers: headers, body: hasBody ? ResponseBody(byteBuffer: bytes) : ResponseBody())
    }
}
