import ArgumentParser
import SCEP
import SCEPClient

/// How a server is reached.
struct ServerOptions: ParsableArguments {
    @Argument(help: "The server's SCEP URL; without a path, /cgi-bin/pkiclient.exe is meant.")
    var url: String

    @OptionGroup var connectionOptions: ConnectionOptions

    /// How it is reached.
    var connection: Connection { self.connectionOptions.connection }

    /// A client for it.
    ///
    /// - Parameter trust: How its CA is known.
    /// - Returns: The client.
    /// - Throws: ``SCEPClientError``: `url` or `input`.
    func client(trust: Trust? = nil) throws(SCEPClientError) -> SCEPClient {
        try self.connection.client(url: self.url, trust: trust)
    }
}

/// How connections are made, and what is shown of them.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Also trust these CAs for https, as PEM.", valueName: "file"), completion: .file())
    var tlsCa: String?

    @Flag(help: "Do not check the server's TLS certificate; SCEP protects its messages by itself.")
    var tlsInsecure = false

    @Option(help: ArgumentHelp("How long one HTTP exchange may take.", valueName: "seconds"))
    var timeout = 30

    @Option(help: ArgumentHelp("The name of a CA or profile, at servers that have several.", valueName: "name"))
    var caIdentifier: String?

    @Flag(help: "Use 3DES and SHA-1 where the server offers nothing better. Anybody in between can make it look so.")
    var allowWeak = false

    @Flag(name: .shortAndLong, help: "Show every request and answer on standard error, without secrets.")
    var verbose = false

    func validate() throws {
        guard self.timeout > 0 else { throw ValidationError("--timeout has to be more than 0.") }
        guard self.tlsCa == nil || !self.tlsInsecure else {
            throw ValidationError("--tls-ca and --tls-insecure exclude each other.")
        }
    }

    /// The options as plain values.
    var connection: Connection {
        Connection(
            tlsCA: self.tlsCa,
            tlsInsecure: self.tlsInsecure,
            timeout: self.timeout,
            caIdentifier: self.caIdentifier,
            allowWeak: self.allowWeak,
            verbose: self.verbose
        )
    }
}

/// How a server is reached, said by options or by notes.
struct Connection {
    var tlsCA: String?
    var tlsInsecure: Bool
    var timeout: Int
    var caIdentifier: String?
    var allowWeak: Bool
    var verbose: Bool

    /// A client that reaches a server so.
    ///
    /// - Parameters:
    ///   - url: The server's URL.
    ///   - trust: How its CA is known.
    /// - Returns: The client.
    /// - Throws: ``SCEPClientError``: `url` or `input`.
    func client(url: String, trust: Trust? = nil) throws(SCEPClientError) -> SCEPClient {
        var configuration = ClientConfiguration(trust: trust)
        configuration.allowWeak = self.allowWeak
        configuration.caIdentifier = self.caIdentifier
        configuration.timeout = .seconds(self.timeout)
        if self.verbose { configuration.observer = VerboseOutput.show }
        return try SCEPClient(
            url: url,
            configuration: configuration,
            transport: HTTPTransport(trust: try self.serverTrust())
        )
    }

    /// Which servers are believed over https.
    func serverTrust() throws(SCEPClientError) -> HTTPTransport.ServerTrust {
        if self.tlsInsecure { return .anyone }
        guard let tlsCA else { return .system }
        return .systemAnd(try PEM.contents(of: try Files.read(tlsCA), labelled: ["CERTIFICATE"]))
    }
}

/// How the CA is known.
struct TrustOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The SHA-256 fingerprint of the CA certificate.", valueName: "SHA-256"))
    var fingerprint: String?

    @Option(help: ArgumentHelp("The CA certificate itself, as PEM.", valueName: "file"), completion: .file())
    var ca: String?

    func validate() throws {
        guard self.fingerprint == nil || self.ca == nil else {
            throw ValidationError("--fingerprint and --ca exclude each other.")
        }
    }

    /// How the CA is known; nil where nothing is said.
    func trustIfGiven() throws(SCEPClientError) -> Trust? {
        if let fingerprint {
            do throws(SCEPError) {
                return .fingerprint(try Fingerprint(fingerprint))
            } catch {
                throw SCEPClientError(.input, "--fingerprint: \(error.reason).")
            }
        }
        guard let ca else { return nil }
        let certificates = try PEM.contents(of: try Files.read(ca), labelled: ["CERTIFICATE"])
        guard let certificate = certificates.first, certificates.count == 1 else {
            throw SCEPClientError(
                .input, "The file \(ca) has \(certificates.count) certificates; the CA's alone is needed.")
        }
        return .certificate(certificate)
    }

    /// How the CA is known.
    func trust() throws(SCEPClientError) -> Trust {
        if let trust = try self.trustIfGiven() { return trust }
        throw SCEPClientError(
            .input,
            "The CA has to be known: give --fingerprint, which its operator tells you, or --ca with its certificate. "
                + "`ucm scep ca URL` shows the fingerprints to compare."
        )
    }
}
