import AdministrationAPI
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the API below `/api/v1`: reads HTTP, finds out who asks, and writes what is answered.
struct APIController: RouterMiddleware {
    typealias Context = UCMRequestContext

    let api: API

    /// For how long nobody minds who it was that began to send.
    private static let shortWait = Duration.seconds(1)

    func handle(
        _ request: Request,
        context: UCMRequestContext,
        next: (Request, UCMRequestContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard path == APIPath.root || path.hasPrefix(APIPath.root + "/") else {
            return try await next(request, context)
        }
        let reply: APIReply
        do {
            reply = await self.api.respond(to: try await self.call(request, path: path, context))
        } catch {
            reply = APIReply(APIProblem(error), instance: path)
        }
        return Self.response(reply, to: request)
    }

    private func call(_ request: Request, path: String, _ context: UCMRequestContext) async throws -> APICall {
        let now = Date()
        let segments = try Self.segments(of: path)
        var call = APICall(method: request.method, path: segments, address: context.client, now: now)
        call.query = try Self.query(request.uri.query)
        call.ifMatch = request.headers[.ifMatch]
        call.ifNoneMatch = request.headers[.ifNoneMatch]
        call.idempotencyKey = HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] }
        call.contentType = request.headers[.contentType].map(Self.mediaType)
        call.userAgent = request.headers[.userAgent] ?? ""
        try await self.identify(&call, request)
        // Of whoever may not send it nothing is read: the answer does not depend on it.
        guard let route = try? API.route(request.method, segments).0, call.principal != nil || route.access == .anyone
        else { return call }
        let start = ContinuousClock.now
        call.body = try await Self.body(of: request, upTo: route.maximumBody)
        // What was allowed when a long body began may be forbidden now.
        if ContinuousClock.now - start > Self.shortWait { try await self.identify(&call, request) }
        return call
    }

    /// Finds out who asks: by a token, or by the cookie of a session, which takes a proof that its pages ask.
    private func identify(_ call: inout APICall, _ request: Request) async throws {
        let administration = self.api.administration
        if let authorization = request.headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer",
                let principal = try await administration.principal(
                    forToken: String(parts[1]), address: call.address, at: call.now)
            else {
                // Also where nobody has to be known: whoever sends a token wants to know that it is none.
                throw APIProblem(
                    .signInNeeded, "the API token is wrong, has ended or was revoked",
                    headers: [.wwwAuthenticate: #"Bearer realm="ucm", error="invalid_token""#])
            }
            call.principal = principal
            return
        }
        guard let secret = request.headers[.cookie].flatMap(SessionCookie.secret) else { return }
        call.session = secret
        call.principal = try await administration.principal(forSession: secret, address: call.address, at: call.now)
        guard call.principal != nil, ![.get, .head].contains(call.method) else { return }
        let proof = HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] } ?? ""
        guard Administration.isCSRFToken(proof, of: secret) else {
            throw APIProblem(
                .crossSite, "a session's request that changes something needs the header X-CSRF-Token")
        }
    }

    private static func body(of request: Request, upTo limit: Int) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw APIProblem(.tooLarge, "the body has \(length) bytes, \(limit) are possible here")
        }
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= limit else {
                throw APIProblem(.tooLarge, "the body has more than \(limit) bytes")
            }
            bytes += buffer.readableBytesView
        }
        return bytes
    }

    /// The parts of a path below `/api/v1`, without percent signs.
    private static func segments(of path: String) throws(APIProblem) -> [String] {
        guard let segments = URLEncoded.segments(path.dropFirst(APIPath.root.count)) else {
            throw APIProblem(.malformedRequest, "the path has a percent sign that stands for no UTF-8")
        }
        return segments
    }

    private static func query(_ text: String?) throws(APIProblem) -> [(name: String, value: String)] {
        guard let fields = URLEncoded.fields(text ?? "") else {
            throw APIProblem(.malformedRequest, "the query has a percent sign that stands for no UTF-8")
        }
        return fields
    }

    private static func mediaType(_ header: String) -> String {
        (header.split(separator: ";").first ?? "").trimmingCharacters(in: .whitespaces).lowercased()
    }

    private static func response(_ reply: APIReply, to request: Request) -> Response {
        var headers = reply.headers
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        headers[.xContentTypeOptions] = "nosniff"
        let isHead = request.method == .head
        func response(_ bytes: [UInt8], _ type: String) -> Response {
            headers[.contentType] = type
            headers[.contentLength] = "\(bytes.count)"
            return Response(
                status: reply.status, headers: headers,
                body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        switch reply.body {
        case .none: return Response(status: reply.status, headers: headers)
        case .json(let value): return response(Array(value.prettyText.utf8), "application/json")
        case .bytes(let bytes, let type): return response(bytes, type)
        case .stream(let type, let write):
            headers[.contentType] = type
            guard !isHead else { return Response(status: reply.status, headers: headers) }
            return Response(
                status: reply.status, headers: headers,
                body: ResponseBody { writer in
                    try await write { try await writer.write(ByteBuffer(bytes: $0)) }
                    try await writer.finish(nil)
                })
        }
    }
}
