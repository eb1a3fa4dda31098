import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Registry

/// Answers OCSP requests (RFC 6960) for all CAs at one address: a request names the issuer itself.
struct StatusController {
    let configuration: ServedConfiguration
    let logger: Logger

    /// The largest request that is read, in bytes.
    static let maximumBodySize = 64 << 10

    func addRoutes(to router: Router<UCMRequestContext>) {
        router.post("/ocsp") { request, context in
            await self.respond(from: context.client) {
                try OCSPRequest(
                    derEncoded: Array(try await request.body.collect(upTo: Self.maximumBodySize).readableBytesView)
                )
            }
        }
        router.get("/ocsp/**") { request, context in
            await self.respond(from: context.client, isCacheable: true) {
                try OCSPRequest.decoded(path: String(request.uri.path.dropFirst("/ocsp/".count)))
            }
        }
    }

    /// - Parameters:
    ///   - client: Who asks.
    ///   - isCacheable: Whether the answer may be kept by whoever is between: only one to a GET may.
    ///   - read: Reads the request.
    /// - Returns: The answer, which may be one of the errors of RFC 6960 §2.3.
    private func respond(
        from client: String,
        isCacheable: Bool = false,
        _ read: () async throws -> OCSPRequest
    ) async -> Response {
        let request: OCSPRequest
        do {
            request = try await read()
        } catch {
            // Anybody can send as many as they like.
            self.logger.debug("OCSP request", metadata: ["client": "\(client)", "reason": "\(error)"])
            return .status(.malformedRequest)
        }
        do {
            let answer = try await StatusResponder(configuration: self.configuration).answer(to: request, at: Date())
            guard let answer else { return .status(.unauthorized) }
            return .status(answer, isCacheable: isCacheable && request.nonce == nil)
        } catch {
            self.logger.error(
                "OCSP request cannot be answered", metadata: ["client": "\(client)", "reason": "\(error)"])
            return .status(.tryLater)
        }
    }
}

extension Response {
    /// What says that there is no answer (RFC 6960 §2.3).
    fileprivate static func status(_ failure: OCSPFailure) -> Response {
        .bytes(failure.encoded, type: Self.statusType)
    }

    /// A signed answer, with what caches may do with it (RFC 5019 §6.2).
    fileprivate static func status(_ answer: CertificateStatuses.Answer, isCacheable: Bool) -> Response {
        let encoded = answer.response.encoded(with: answer.signer)
        guard isCacheable else { return .bytes(encoded, type: Self.statusType) }
        return Response(
            status: .ok,
            headers: [
                .contentType: Self.statusType,
                .cacheControl: "max-age=300, public, no-transform, must-revalidate",
                .lastModified: HTTPDate.text(answer.thisUpdate),
                .expires: HTTPDate.text(min(answer.nextUpdate, Date().addingTimeInterval(300))),
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: encoded))
        )
    }

    private static let statusType = "application/ocsp-response"
}
