import AdministrationAPI
import CertificateAuthority
import Crypto
import Foundation
import HTTPTypes
import Registry

/// Creations that are done once, however often they are sent: by the header Idempotency-Key.
extension API {
    /// How long a key may be.
    static let maximumKeyLength = 255

    /// Does a request, unless it was done before under the same key; then what was answered is answered again.
    func once(_ request: APIRequest, _ body: () async throws -> APIReply) async throws -> APIReply {
        guard request.route.isCreation, let key = request.call.idempotencyKey else { return try await body() }
        guard (1...Self.maximumKeyLength).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw APIProblem(
                .malformedRequest,
                "an Idempotency-Key has 1 to \(Self.maximumKeyLength) visible characters of ASCII, without blanks")
        }
        let scope = try request.principal.scope
        let registry = self.administration.registry
        let digest = Self.digest(of: request.call)
        switch try await registry.begin(key: key, of: scope, digest: digest, at: request.now) {
        case .new: break
        case .other:
            throw APIProblem(.keyReused, "the Idempotency-Key \(key) was sent with another request: take a new one")
        case .begun(let date):
            throw APIProblem(
                .conflict,
                "a request with the Idempotency-Key \(key) was begun at \(APIDate.text(date)) and is not finished: look whether "
                    + "it was done, and take a new key if not")
        case .done(let sealed):
            let masterKey = self.administration.masterKey
            return try APIReply(stored: try masterKey.open(sealed, for: SealPurpose.secret("idempotency")))
        }
        let reply: APIReply
        do {
            reply = try await body()
        } catch {
            // Where the request was refused nothing was made, and whoever has mended it may send it again. Where the server
            // has failed nobody knows: it stays begun.
            if APIProblem(error).code.status.kind == .clientError {
                try? await registry.finish(key: key, of: scope, reply: nil)
            }
            throw error
        }
        let sealed = try self.administration.masterKey.seal(
            try reply.stored(), for: SealPurpose.secret("idempotency"))
        try await registry.finish(key: key, of: scope, reply: sealed)
        return reply
    }

    private static func digest(of call: APICall) -> [UInt8] {
        var hash = SHA256()
        let parts = [call.method.rawValue] + call.path + call.query.flatMap { [$0.name, $0.value] }
        for part in parts { hash.update(data: Array("\(part.utf8.count):\(part)".utf8)) }
        hash.update(data: call.body)
        return Array(hash.finalize())
    }
}

extension Principal {
    /// Whose keys they are: those of one session or token, for another one may not have what was answered.
    fileprivate var scope: String {
        switch self.means {
        case .session(let id): "session \(id) of \(self.account ?? 0)"
        case .token(let id, _): "token \(id) of \(self.account ?? 0)"
        case .machine: "machine \(self.name)"
        }
    }
}

extension APIReply {
    /// The reply as it is kept for repetitions.
    fileprivate func stored() throws -> [UInt8] {
        guard case .json(let body) = self.body else {
            throw APIProblem(.internalError, "only JSON is answered to creations")
        }
        let stored: JSONValue = [
            "status": .integer(Int64(self.status.code)),
            "location": .text(ifPresent: self.headers[.location]),
            "etag": .text(ifPresent: self.headers[.eTag]),
            "body": body,
        ]
        return Array(stored.compactText.utf8)
    }

    /// A reply that was kept.
    fileprivate init(stored: [UInt8]) throws {
        let value = try JSONValue(json: stored)
        self.status = HTTPResponse.Status(code: Int(value["status"]?.integer ?? 200))
        if let location = value["location"]?.text { self.headers[.location] = location }
        if let tag = value["etag"]?.text { self.headers[.eTag] = tag }
        if let name = HTTPField.Name("Idempotency-Replayed") { self.headers[name] = "true" }
        self.body = .json(value["body"] ?? .null)
    }
}
