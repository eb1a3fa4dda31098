import AdministrationAPI
import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import Logging
import Registry

/// Everything that an administrator can do, as routes below `/api/v1`: served over HTTPS, and called by the command line in
/// its own process where it works on a data directory.
struct API: Sendable {
    let administration: Administration
    /// What the server has in memory; nil where no server runs in this process.
    let served: ServedConfiguration?
    let logger: Logger?
    /// Reads that may take long come one after the other, so that at least one of the database's readers is there for
    /// everything else.
    private let longReads = Turnstile(
        places: 1, maximumWaiting: 8, refusal: "too many searches, counts and backups at the same time: try again soon")

    init(administration: Administration, served: ServedConfiguration?, logger: Logger?) {
        (self.administration, self.served, self.logger) = (administration, served, logger)
    }

    /// All routes.
    static let routes: [APIRoute] = [
        Self.profileRoutes, Self.challengeRoutes, Self.requestRoutes, Self.exchangeRoutes, Self.certificateRoutes,
        Self.authorityRoutes, Self.authorityRequestRoutes, Self.revocationListRoutes, Self.templateRoutes,
        Self.settingRoutes,
        Self.accountRoutes, Self.roleRoutes, Self.tokenRoutes, Self.sessionRoutes, Self.auditRoutes, Self.systemRoutes,
    ].flatMap { $0 }

    /// How long an If-Match may be.
    static let maximumTagLength = 200

    static let signInNeeded = APIProblem(
        .signInNeeded, "nobody is signed in: send Authorization: Bearer with an API token",
        headers: [.wwwAuthenticate: #"Bearer realm="ucm""#])

    /// The route for a path and method.
    ///
    /// - Throws: ``APIProblem`` `notFound` or `methodNotAllowed`.
    static func route(_ method: HTTPRequest.Method, _ path: [String]) throws(APIProblem) -> (
        APIRoute, parameters: [String: String]
    ) {
        let candidates = self.routes.compactMap { route in
            PathPattern.values(in: path, of: route.segments).map { (route, $0) }
        }
        // What is named as it stands goes before what is a parameter.
        let best = candidates.map(\.1.count).min()
        let found = candidates.filter { $0.1.count == best }
        guard !found.isEmpty else {
            throw APIProblem(.notFound, "there is nothing at \(APIPath.root)/\(path.joined(separator: "/"))")
        }
        let asked = method == .head ? .get : method
        guard let (route, parameters) = found.first(where: { $0.0.method == asked }) else {
            let methods = Set(found.map { $0.0.method.rawValue }).sorted().joined(separator: ", ")
            throw APIProblem(
                .methodNotAllowed, "\(method.rawValue) is not possible here, there is \(methods)",
                headers: [.allow: methods])
        }
        return (route, parameters)
    }

    /// Answers a call; what goes wrong is an answer too.
    func respond(to call: APICall) async -> APIReply {
        let instance = APIPath.root + "/" + call.path.map(APIPath.escaped).joined(separator: "/")
        do {
            return try await self.answer(call)
        } catch {
            let problem = APIProblem(error)
            if problem.code.status.kind == .serverError {
                self.logger?.error(
                    "an API request failed",
                    metadata: [
                        "method": "\(call.method.rawValue)", "path": "\(instance)", "reason": "\(error)",
                        "client": "\(call.address ?? "-")",
                    ])
            }
            return APIReply(problem, instance: instance)
        }
    }

    private func answer(_ call: APICall) async throws -> APIReply {
        let (route, parameters) = try Self.route(call.method, call.path)
        try await self.authorize(call, for: route)
        let request = APIRequest(
            call: call, route: route, api: self, parameters: parameters, body: try Self.body(of: call, for: route))
        try Self.check(call.query, of: route)
        if route.isEdit, let tag = call.ifMatch, tag.utf8.count > Self.maximumTagLength {
            throw APIProblem(.malformedRequest, "an If-Match has at most \(Self.maximumTagLength) characters")
        }
        let reply = try await self.once(request) {
            // Texts are searched for in all rows.
            guard route.readsMuch(call.query) || call.query.contains(where: { $0.name == "q" }) else {
                return try await route.run(request)
            }
            return try await self.longReads.pass { try await route.run(request) }
        }
        if route.method != .get, let served = self.served {
            // Whoever changes something finds it changed; the other nodes follow within a second.
            _ = try? await served.refresh()
        }
        return reply.answering(call)
    }

    /// Refuses who may not; without a word on whether the thing is there.
    private func authorize(_ call: APICall, for route: APIRoute) async throws {
        guard route.access != .anyone else { return }
        guard let principal = call.principal else { throw Self.signInNeeded }
        guard !principal.mustChangePassword || route.access == .signedIn else {
            throw APIProblem(
                .passwordChangeNeeded,
                "the password of \(principal.name) is an initial one: change it with PUT \(APIPath.root)/session/password"
            )
        }
        guard case .permission(let permission) = route.access, !principal.permissions.contains(permission) else {
            return
        }
        try await self.administration.recordDenial(
            "\(route.method.rawValue) \(call.path.joined(separator: "/"))", lacking: permission, by: principal,
            at: call.now)
        throw APIProblem(
            .forbidden, "\(principal.name) lacks the permission \(permission.rawValue) for \(route.name)")
    }

    private static func body(of call: APICall, for route: APIRoute) throws(APIProblem) -> JSONValue {
        guard !call.body.isEmpty else { return .object(JSONObject()) }
        guard route.input != nil else {
            throw APIProblem(.malformedRequest, "\(route.method.rawValue) \(route.path) takes no body")
        }
        guard call.body.count <= route.maximumBody else {
            throw APIProblem(.tooLarge, "the body has more than \(route.maximumBody) bytes")
        }
        guard ["application/json", "application/merge-patch+json"].contains(call.contentType) else {
            throw APIProblem(
                .unsupportedMediaType,
                "the body is of type \(call.contentType ?? "unknown"): send Content-Type: application/json")
        }
        do throws(JSONError) {
            return try JSONValue(json: call.body)
        } catch {
            throw APIProblem(.malformedRequest, "the body cannot be read: \(error)")
        }
    }

    private static func check(_ query: [(name: String, value: String)], of route: APIRoute) throws(APIProblem) {
        var problems: [ValueProblem] = []
        for (index, (name, value)) in query.enumerated() {
            guard let parameter = route.query.first(where: { $0.name == name }) else {
                let known = route.query.isEmpty ? "none" : route.query.map(\.name).joined(separator: ", ")
                throw APIProblem(.unknownParameter, "there is no parameter \(name) here, there is \(known)")
            }
            guard !query[..<index].contains(where: { $0.name == name }) else {
                problems.append(ValueProblem(path: name, reason: "it is there twice"))
                continue
            }
            do throws(ValueProblem) {
                try parameter.check(value)
            } catch {
                problems.append(error.inside(name))
            }
        }
        guard problems.isEmpty else {
            let names = problems.map(\.path).joined(separator: ", ")
            throw APIProblem(.invalidParameter, "the parameters \(names) cannot be used as sent", problems: problems)
        }
    }
}

extension APIReply {
    /// What is answered to a problem.
    init(_ problem: APIProblem, instance: String) {
        self.status = problem.code.status
        self.headers = problem.headers
        if [.tooManyRequests, .serviceUnavailable].contains(self.status), self.headers[.retryAfter] == nil {
            self.headers[.retryAfter] = "5"
        }
        self.body = .bytes(
            Array(problem.json(instance: instance).prettyText.utf8), type: "application/problem+json")
    }

    /// The same; without the body where the client has it already.
    fileprivate func answering(_ call: APICall) -> APIReply {
        guard call.method == .get || call.method == .head, let tag = self.headers[.eTag],
            Self.isKnown(tag, to: call.ifNoneMatch)
        else { return self }
        return APIReply(status: .notModified, headers: self.headers)
    }

    /// Whether an If-None-Match says that the client has what a tag stands for.
    static func isKnown(_ tag: String, to ifNoneMatch: String?) -> Bool {
        guard let known = ifNoneMatch else { return false }
        return known == "*"
            || known.split(separator: ",").contains { part in
                // Proxies that compress make tags weak; here that makes no difference (RFC 9110 §13.1.2).
                let other = part.trimmingCharacters(in: .whitespaces)
                return (other.hasPrefix("W/") ? String(other.dropFirst(2)) : other) == tag
            }
    }
}
