import Foundation
import SCEP
import SCEPClient
import Server

/// Asks a server how it is, as its clients would.
struct OnlineChecks {
    private let installation: ExaminedInstallation
    /// How long one exchange may take: the server is on this machine.
    private let timeout: Duration

    init(_ installation: ExaminedInstallation, timeout: Duration = .seconds(10)) {
        self.installation = installation
        self.timeout = timeout
    }

    func run() async -> [Finding] {
        var findings: [Finding] = []
        var reached: (url: String, transport: HTTPTransport)?
        for (name, url) in [("HTTPS", self.installation.https), ("HTTP", self.installation.http)] {
            guard let url else { continue }
            do {
                let transport = try self.transport()
                findings.append(try await self.health(name, url, transport))
                // Plain HTTP last: it needs no trust, and SCEP protects itself.
                reached = (url, transport)
            } catch {
                findings.append(self.unreachable(name, url, error))
            }
        }
        if self.installation.https != nil { findings.append(await self.tls()) }
        if let url = self.installation.metrics { findings.append(await self.metrics(url)) }
        guard let reached else {
            // Nothing of it can be told from a server that is meant to be off.
            return findings + [Finding("SCEP", .skipped, "no listener answers")]
                + [await self.published()].compactMap(\.self)
        }
        for profile in self.installation.profiles {
            findings.append(await SCEPCheck(profile, at: reached.url, self.timeout).run(reached.transport))
        }
        let publication = PublicationChecks(base: reached.url, transport: reached.transport, timeout: self.timeout)
        for authority in self.installation.authorities { findings += await publication.run(authority) }
        return findings + [await self.published()].compactMap(\.self)
    }

    /// One that believes any certificate: which one there is, another check looks at.
    private func transport() throws -> HTTPTransport { try HTTPTransport(trust: .anyone) }

    private func get(_ url: String, _ transport: HTTPTransport) async throws(SCEPClientError) -> TransportAnswer {
        try await transport.send(TransportRequest(url: url, maximumAnswerSize: 1 << 20, timeout: self.timeout))
    }

    private func health(_ name: String, _ url: String, _ transport: HTTPTransport) async throws -> Finding {
        let answer = try await self.get(url + "/health/ready", transport)
        if answer.status == 200 { return Finding("\(name) listener", .ok, "\(url) answers and is ready") }
        let said = String(decoding: answer.body.prefix(500), as: UTF8.self).trimmingCharacters(in: .newlines)
        return Finding(
            "\(name) listener", .error, "\(url) answers and is not ready: HTTP status \(answer.status), \(said)",
            advice: "the server's log says why; another program may listen there"
        )
    }

    private func unreachable(_ name: String, _ url: String, _ error: any Error) -> Finding {
        Finding(
            "\(name) listener", .skipped, "\(url) does not answer: \(error)",
            advice: "start the server, or give the same settings as it has"
        )
    }

    private func metrics(_ url: String) async -> Finding {
        do {
            let answer = try await self.get(url + "/metrics", try self.transport())
            return answer.status == 200
                ? Finding("metrics", .ok, "\(url)/metrics answers")
                : Finding(
                    "metrics", .warning, "\(url)/metrics answers with HTTP status \(answer.status)",
                    advice: "another program may listen there")
        } catch {
            return self.unreachable("metrics", url, error)
        }
    }

    /// Whether a client that trusts the CA of this installation believes the listener's certificate.
    private func tls() async -> Finding {
        guard let certificates = self.installation.trustedByClients else {
            return Finding("TLS", .skipped, "the certificate is your own: whether clients trust it is not known here")
        }
        guard var components = self.installation.https.flatMap(URLComponents.init(string:)) else {
            return Finding("TLS", .skipped, "the HTTPS listener is off")
        }
        components.host = self.installation.httpsName
        let url = components.string ?? ""
        do {
            _ = try await self.get(url + "/health/live", try HTTPTransport(trust: .systemAnd(certificates)))
            return Finding("TLS", .ok, "\(url) has a certificate of this installation for its name")
        } catch  where error.reason.contains("certificate") {
            return Finding(
                "TLS", .error, error.reason, advice: "restart the server: it makes a certificate for its names")
        } catch {
            return Finding("TLS", .skipped, "\(url) does not answer: \(error)")
        }
    }

    /// Whether the addresses that certificates name lead to a CRL.
    private func published() async -> Finding? {
        guard let base = self.installation.publicationURL, let authority = self.installation.authorities.last else {
            return nil
        }
        let url = base + authority.revocationListPath
        let advice = "ucm publication set --url, or the proxy or firewall between; devices need what certificates name"
        do {
            let transport = try self.transport()
            let request = TransportRequest(url: url, maximumAnswerSize: 64 << 20, timeout: self.timeout)
            let answer = try await transport.send(request)
            guard answer.status == 200, (try? RevocationList(encoded: answer.body)) != nil else {
                return Finding(
                    "publication URL", .error, "\(url) gives no CRL: HTTP status \(answer.status)", advice: advice)
            }
            return Finding("publication URL", .ok, "\(url), which certificates name, gives the CRL")
        } catch {
            return Finding(
                "publication URL", .warning, "\(url), which certificates name, cannot be reached from here: \(error)",
                advice: advice)
        }
    }
}
