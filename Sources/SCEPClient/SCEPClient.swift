import Foundation
public import SCEP

/// A client of one SCEP server (RFC 8894).
///
/// It does one exchange at a time, whoever asks. What the server can do and who it is are asked once and kept.
public actor SCEPClient {
    /// Where the server is.
    public nonisolated let url: SCEPURL
    /// How the client behaves.
    public nonisolated let configuration: ClientConfiguration

    private let transport: any SCEPTransport
    /// The time now; a test has its own.
    nonisolated let now: @Sendable () -> Date
    /// Waits; a test has its own way.
    nonisolated let sleep: @Sendable (Duration) async throws -> Void

    private var knownCapabilities: Set<Capability>?
    private var knownAuthorities: TrustedAuthorities?
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Makes a client; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - url: The server's URL; without a path, `/cgi-bin/pkiclient.exe` is meant.
    ///   - configuration: How the client behaves, and how it knows the CA.
    ///   - transport: What carries requests; HTTP where nil.
    /// - Throws: ``SCEPClientError`` with code `url`.
    public init(
        url: String,
        configuration: ClientConfiguration = ClientConfiguration(),
        transport: (any SCEPTransport)? = nil
    ) throws(SCEPClientError) {
        let chosen: any SCEPTransport
        if let transport { chosen = transport } else { chosen = try HTTPTransport() }
        try self.init(
            url: url,
            configuration: configuration,
            transport: chosen,
            now: { Date() },
            sleep: { try await Task.sleep(for: $0) }
        )
    }

    init(
        url: String,
        configuration: ClientConfiguration,
        transport: any SCEPTransport,
        now: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) throws(SCEPClientError) {
        self.url = try SCEPURL(url)
        self.configuration = configuration
        self.transport = transport
        self.now = now
        self.sleep = sleep
    }

    /// What the server says that it can do (GetCACaps, RFC 8894 §3.5.1); unknown words are passed over.
    ///
    /// - Throws: ``SCEPClientError``.
    public func capabilities() async throws(SCEPClientError) -> Set<Capability> {
        Capability.parse(try await self.capabilityText())
    }

    /// The same in the server's own words, those included that nobody knows.
    ///
    /// - Throws: ``SCEPClientError``.
    public func capabilityText() async throws(SCEPClientError) -> String {
        let answer = try await self.get("GetCACaps", message: self.configuration.caIdentifier)
        return String(decoding: answer.prefix(1 << 16), as: UTF8.self)
    }

    /// The certificates that the server shows (GetCACert, RFC 8894 §4.2), not yet believed.
    ///
    /// - Throws: ``SCEPClientError``.
    public func caCertificates() async throws(SCEPClientError) -> CACertificates {
        let answer = try await self.get("GetCACert", message: self.configuration.caIdentifier)
        do throws(SCEPError) {
            return try CACertificates(encoded: answer)
        } catch {
            throw SCEPClientError(answer: error)
        }
    }

    /// The server's certificates, sorted out and believed because the CA is the one that the caller knows.
    ///
    /// - Throws: ``SCEPClientError``: `untrusted` where it is not, `input` where the caller has not said which it knows.
    public func authorities() async throws(SCEPClientError) -> TrustedAuthorities {
        if let knownAuthorities { return knownAuthorities }
        guard let trust = self.configuration.trust else {
            throw SCEPClientError(.input, "The CA is not known: its fingerprint or its certificate is needed.")
        }
        let answer = try await self.caCertificates()
        do throws(SCEPError) {
            let authorities = try TrustedAuthorities(
                answer,
                trust: trust,
                at: self.now(),
                level: self.configuration.level
            )
            self.knownAuthorities = authorities
            return authorities
        } catch {
            throw error.code == .algorithm
                ? SCEPClientError(weak: "The CA is not believed: \(error.reason)")
                : SCEPClientError(.untrusted, "The CA is not believed: \(error.reason).")
        }
    }

    /// The certificates of the CA that will take over (GetNextCACert, RFC 8894 §4.7), believed because the present one
    /// has signed them.
    ///
    /// - Throws: ``SCEPClientError``.
    public func nextCACertificates() async throws(SCEPClientError) -> NextCACertificates {
        let authorities = try await self.authorities()
        let answer = try await self.get("GetNextCACert", message: self.configuration.caIdentifier)
        let next: NextCACertificates
        do throws(SCEPError) {
            next = try NextCACertificates(berEncoded: answer, signedBy: authorities.signers)
        } catch {
            throw SCEPClientError(answer: error)
        }
        try AlgorithmChoice.check(digest: next.digest, cipher: nil, allowWeak: self.configuration.allowWeak)
        return next
    }

    /// What the server can do, for choosing how to talk to it.
    ///
    /// One that does not answer GetCACaps can do nothing that has a name (RFC 8894 §3.5.1); one that asks to come back
    /// later has not said so.
    func negotiatedCapabilities() async throws(SCEPClientError) -> Set<Capability> {
        if let knownCapabilities { return knownCapabilities }
        var capabilities: Set<Capability> = []
        do throws(SCEPClientError) {
            capabilities = try await self.capabilities()
        } catch {
            guard error.code == .status, !TransportAnswer.isTemporary(error.status ?? 0) else { throw error }
            self.configuration.observer?(.note("GetCACaps: HTTP status \(error.status ?? 0), taken as no capability."))
        }
        self.knownCapabilities = capabilities
        return capabilities
    }

    /// An operation without a pkiMessage.
    private func get(_ operation: String, message: String?) async throws(SCEPClientError) -> [UInt8] {
        let request = TransportRequest(
            url: self.url.url(operation, message: message),
            maximumAnswerSize: self.configuration.maximumAnswerSize,
            timeout: self.configuration.timeout
        )
        return try await self.exchange(request, content: nil).success(of: operation)
    }

    /// One exchange, when all before it are over.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - content: The pkiMessage before it was encrypted, for the observer.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``SCEPClientError``.
    func exchange(_ request: TransportRequest, content: PKIRequest?) async throws(SCEPClientError) -> TransportAnswer {
        await self.enter()
        defer { self.leave() }
        self.configuration.observer?(.sending(request, content))
        let answer = try await self.transport.send(request)
        self.configuration.observer?(.received(answer))
        return answer
    }

    private func enter() async {
        guard self.isBusy else {
            self.isBusy = true
            return
        }
        await withCheckedContinuation { self.waiting.append($0) }
    }

    private func leave() {
        if self.waiting.isEmpty {
            self.isBusy = false
        } else {
            self.waiting.removeFirst().resume()
        }
    }
}
