import AdminUI
import AdministrationAPI
import Foundation
import HTTPTypes

/// The API as pages ask it: in this process, as whoever looks at the page.
struct PagesAPI: AdminAPI {
    let api: API
    /// Who looks; nil for nobody who is known.
    let principal: Principal?
    /// The secret of the session.
    let session: String?
    let address: String
    let userAgent: String

    func send(_ message: APIMessage) async -> APIResult {
        guard let method = HTTPRequest.Method(message.method) else { return APIResult(status: 405, value: .null) }
        let reply = await self.api.respond(
            to: APICall(
                method: method,
                path: message.path,
                query: message.query,
                ifMatch: message.ifMatch,
                body: message.body.map { Array($0.compactText.utf8) } ?? [],
                contentType: "application/json",
                userAgent: self.userAgent,
                address: self.address,
                session: self.session,
                principal: self.principal,
                now: Date()
            ))
        let value: JSONValue =
            switch reply.body {
            case .json(let value): value
            case .bytes(let bytes, _): (try? JSONValue(json: bytes)) ?? .null
            case .none, .stream: .null
            }
        var download: APIDownload?
        if case .stream(let type, let write) = reply.body { download = APIDownload(type: type, write: write) }
        return APIResult(
            status: reply.status.code,
            revision: reply.headers[.eTag]?.trimmingCharacters(in: CharacterSet(charactersIn: "\"")),
            value: value,
            cookie: reply.headers[.setCookie],
            download: download
        )
    }
}
