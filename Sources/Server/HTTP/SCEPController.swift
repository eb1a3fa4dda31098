import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Registry
import SCEP

/// Serves SCEP over HTTP (RFC 8894 §4).
struct SCEPController {
    let configuration: ServedConfiguration
    let logger: Logger
    var metrics = ServerMetrics()
    /// Where exchanges are written down; nil for nowhere.
    var exchanges: ExchangeLog?

    /// The largest pkiMessage that is read, in bytes.
    static let maximumBodySize = 2 << 20

    func addRoutes(to router: Router<UCMRequestContext>) {
        for path in SCEPPath.routes {
            for method in [HTTPRequest.Method.get, .post] {
                router.on(RouterPath(path), method: method) { request, context in
                    await self.respond(to: request, from: context.client)
                }
            }
        }
    }

    private func respond(to request: Request, from client: String) async -> Response {
        let now = Date()
        var observation = SCEPObservation()
        var note = ExchangeNote(from: client, at: now)
        let response = await self.answer(request, from: client, at: now, &observation, &note)
        observation.finish(response.status)
        self.metrics.record(observation)
        self.exchanges?.add(note.finished(response.status, after: observation.duration))
        return response
    }

    private func answer(
        _ request: Request,
        from client: String,
        at now: Date,
        _ observation: inout SCEPObservation,
        _ note: inout ExchangeNote
    ) async -> Response {
        let arrival = observation.arrival
        let configuration = self.configuration.current
        let path = SCEPPath(request.uri.path)
        if let path, configuration.disabled.contains(path.profile) {
            observation.profile = path.profile
            note.note(profile: path.profile)
            let reason = "The SCEP profile \(path.profile) is switched off."
            note.note(.disabled, .refused, reason: reason)
            return self.refuse(.serviceUnavailable, reason, profile: path.profile, client: client)
        }
        guard let path, let authority = configuration.registrationAuthorities[path.profile] else {
            let reason = "There is no SCEP profile at this path."
            note.note(.noProfile, .malformed, reason: reason)
            return self.refuse(.notFound, reason, client: client)
        }
        observation.profile = path.profile
        note.note(profile: path.profile)
        let limits = self.configuration.limits
        if let obstacle = limits.obstacle(to: client, at: now) {
            note.note(.limited, .limited, reason: obstacle.reason)
            return self.refuse(
                until: obstacle.until,
                at: now,
                [
                    "outcome": "refused", "profile": "\(path.profile)", "client": "\(client)",
                    "reason": "\(obstacle.reason)",
                ]
            )
        }
        do {
            let body = request.method == .post ? try await Self.body(of: request) : nil
            let operation = try SCEP.Operation(query: request.uri.query ?? "", body: body)
            observation.note(operation)
            note.note(operation)
            switch operation {
            case .getCACaps(let message), .getCACert(let message), .getNextCACert(let message):
                let shown = configuration.selected(by: message, at: path.profile) ?? authority
                let response = try self.show(operation, of: shown, at: path.profile, client: client)
                if response.status == .ok {
                    note.noteAnswered()
                } else {
                    note.note(.noNextAuthority, .refused, reason: "there is no next CA certificate")
                }
                return response
            case .pkiOperation(let message):
                let admitted = try await self.configuration.admission.admitted(size: message.count) {
                    try await authority.answer(message, from: client, at: now)
                }
                guard let exchange = admitted else {
                    observation.noteOverload()
                    note.note(.overload, .limited, reason: "more requests came than can be answered")
                    return self.refuseOverload()
                }
                observation.note(exchange)
                note.note(exchange)
                if exchange.countsAgainstClient { limits.countFailure(of: client, at: now) }
                self.log(exchange, profile: path.profile, client: client, since: arrival)
                if exchange.isConcealed {
                    try await UniformDelay.wait(since: arrival, slot: exchange.isSlowed ? .slow : .usual)
                }
                return .bytes(exchange.answer, type: "application/x-pki-message")
            }
        } catch let error as SCEPError {
            limits.countFailure(of: client, at: now)
            note.note(RefusalCause(error.code), .malformed, reason: error.reason)
            return self.refuse(.badRequest, error.reason, profile: path.profile, client: client)
        } catch is NIOTooManyBytesError {
            let reason = "the request has a body of more than \(Self.maximumBodySize >> 20) MiB"
            note.note(.tooLarge, .malformed, reason: reason)
            return self.refuse(
                .contentTooLarge,
                reason,
                profile: path.profile,
                client: client
            )
        } catch let error as UnansweredRequest {
            note.note(error)
            var metadata: Logger.Metadata = [
                "outcome": "unanswered", "profile": "\(path.profile)", "client": "\(client)",
                "transactionID": "\(error.transactionID)", "reason": "\(error.reason)",
            ]
            if let subject = error.subject { metadata["subject"] = "\(subject)" }
            if let date = error.retryAt {
                metadata["outcome"] = "refused"
                return self.refuse(until: date, at: now, metadata)
            }
            self.logger.error("SCEP PKIOperation", metadata: metadata)
            return Self.tryAgain
        } catch {
            note.note(.server, .unanswered, reason: "\(error)")
            self.logger.error(
                "SCEP request",
                metadata: [
                    "outcome": "unanswered", "profile": "\(path.profile)", "client": "\(client)", "reason": "\(error)",
                ]
            )
            return Self.tryAgain
        }
    }

    /// Answers what anybody may know.
    private func show(
        _ operation: SCEP.Operation,
        of authority: RegistrationAuthority,
        at profile: String,
        client: String
    ) throws -> Response {
        var metadata: Logger.Metadata = ["profile": "\(profile)", "client": "\(client)"]
        if authority.name != profile { metadata["shown"] = "\(authority.name)" }
        switch operation {
        case .getCACaps:
            self.logger.info("SCEP GetCACaps", metadata: metadata)
            return .bytes(Array(authority.capabilities.text.utf8), type: "text/plain")
        case .getNextCACert:
            self.logger.info("SCEP GetNextCACert", metadata: metadata)
            guard let next = authority.nextCertificates else {
                return .plainText(.notFound, "There is no next CA certificate.")
            }
            return .bytes(next, type: NextCACertificates.contentType)
        case .getCACert, .pkiOperation:
            self.logger.info("SCEP GetCACert", metadata: metadata)
            let certificates = authority.certificates
            return .bytes(certificates.encoded(), type: certificates.contentType)
        }
    }

    /// What a client gets while more come than can be answered; the log says so now and then, not for each.
    private func refuseOverload() -> Response {
        if let count = self.configuration.admission.complaint() {
            self.logger.warning(
                "SCEP requests were told to come back later: more come than the processors can answer",
                metadata: ["count": "\(count)", "status": "503"]
            )
        }
        var response = Response.plainText(.serviceUnavailable, "Too many requests at a time; try again later.")
        // Not all of them at the same time.
        response.headers[.retryAfter] = "\(Int.random(in: 10...30))"
        return response
    }

    /// What a client gets when something of ours failed: an HTTP error that lets it come back, not a CertRep with
    /// FAILURE, after which many devices give up.
    private static var tryAgain: Response {
        var response = Response.plainText(
            .serviceUnavailable,
            "The request could not be answered now; try again. The server's log says why."
        )
        response.headers[.retryAfter] = "30"
        return response
    }

    /// The body, within the limit of size.
    private static func body(of request: Request) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.maximumBodySize {
            throw NIOTooManyBytesError(maxBytes: Self.maximumBodySize)
        }
        let buffer = try await request.body.collect(upTo: Self.maximumBodySize)
        return Array(buffer.readableBytesView)
    }

    /// Tells a client to come back later, which one that is told FAILURE would not.
    private func refuse(until date: Date, at now: Date, _ metadata: Logger.Metadata) -> Response {
        self.logger.warning("SCEP request", metadata: metadata.merging(["status": "429"]) { $1 })
        var response = Response.plainText(.tooManyRequests, "Too many requests from this address; try again later.")
        response.headers[.retryAfter] = "\(max(1, Int(date.timeIntervalSince(now).rounded(.up))))"
        return response
    }

    /// An HTTP error for what cannot be answered by a signed CertRep.
    private func refuse(
        _ status: HTTPResponse.Status,
        _ reason: String,
        profile: String? = nil,
        client: String
    ) -> Response {
        var metadata: Logger.Metadata = [
            "outcome": "refused", "client": "\(client)", "status": "\(status.code)", "reason": "\(reason)",
        ]
        if let profile { metadata["profile"] = "\(profile)" }
        self.logger.warning("SCEP request", metadata: metadata)
        var response = Response.plainText(status, reason.prefix(1).uppercased() + reason.dropFirst())
        if status == .contentTooLarge { response.headers[.connection] = "close" }
        return response
    }

    private func log(_ exchange: Exchange, profile: String, client: String, since arrival: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - arrival
        var metadata: Logger.Metadata = [
            "profile": .string(profile),
            "client": .string(client),
            "messageType": .string(exchange.messageType.description),
            "transactionID": .string(exchange.transactionID.description),
            "milliseconds": .string(String(Int(duration / .milliseconds(1)))),
        ]
        if let request = exchange.request { metadata["request"] = .string(String(request)) }
        if let subject = exchange.subject { metadata["subject"] = .string(subject) }
        if let algorithms = exchange.algorithms {
            metadata["digest"] = .string(algorithms.digest.rawValue)
            metadata["cipher"] = .string(algorithms.cipher.rawValue)
            if !algorithms.digest.isSHA2 || algorithms.cipher == .des || algorithms.cipher == .tripleDES {
                metadata["weak"] = "yes"
            }
        }
        var level = Logger.Level.info
        switch exchange.outcome {
        case .issued(let serialNumber, let renewed):
            metadata["outcome"] = "issued"
            metadata["serial"] = .string(ReadableText.serialNumber(serialNumber))
            if let renewed { metadata["renews"] = .string(ReadableText.serialNumber(renewed)) }
        case .sent:
            metadata["outcome"] = "sent"
        case .sentRevocationList:
            metadata["outcome"] = "crl"
        case .pending:
            metadata["outcome"] = "pending"
        case .refused(let failInfo, let reason):
            level = .warning
            metadata["outcome"] = "refused"
            metadata["failInfo"] = "\(failInfo.name)"
            metadata["reason"] = "\(reason)"
        }
        self.logger.log(level: level, "SCEP PKIOperation", metadata: metadata)
        if let count = exchange.alarm {
            self.logger.error(
                "somebody guesses challenges: ucm limits addresses shows from where; refusals are slow for now",
                metadata: ["profile": "\(profile)", "client": "\(client)", "guesses": "\(count)"]
            )
        }
    }
}
