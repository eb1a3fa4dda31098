public import SCEP

/// How a client behaves.
public struct ClientConfiguration: Sendable {
    /// How the CA is known; without it nothing can be asked but GetCACaps and GetCACert.
    public var trust: Trust?
    /// Whether 3DES and SHA-1 may be used where the server names nothing better (RFC 8894 §7.5).
    public var allowWeak = false
    /// The same as a level of algorithms.
    var level: AlgorithmLevel { self.allowWeak ? .compatible : .modern }
    /// The name of a CA or profile at a server that has several (RFC 8894 §4.2).
    public var caIdentifier: String?
    /// How long one exchange over HTTP may take.
    public var timeout: Duration = .seconds(30)
    /// The longest answer that is taken, in bytes.
    public var maximumAnswerSize = 2 << 20
    /// The longest CRL that is taken from a distribution point, in bytes.
    public var maximumCRLSize = 32 << 20
    /// How often a message is sent again whose answer was lost on the way.
    public var resends = 2
    /// How long to wait before that, where the server does not say.
    public var resendDelay: Duration = .seconds(2)
    /// Is told what is sent and received.
    ///
    /// What it gets contains secrets.
    public var observer: (@Sendable (ClientEvent) -> Void)?

    /// Makes a configuration with the usual settings.
    ///
    /// - Parameter trust: How the CA is known.
    public init(trust: Trust? = nil) {
        self.trust = trust
    }
}

/// What a client does, for whoever wants to watch.
public enum ClientEvent: Sendable {
    /// Something is sent; with the content of a pkiMessage before it was encrypted, where it is one.
    case sending(TransportRequest, PKIRequest?)
    /// An answer came; nothing in it is believed yet.
    case received(TransportAnswer)
    /// An answer was verified and opened.
    case verified(VerifiedCertRep)
    /// Something else, in a sentence.
    case note(String)
}

/// How long a client waits for a request that is pending.
public struct Polling: Hashable, Sendable {
    /// The time between two polls; at least a second.
    public var interval: Duration
    /// The time after which to give up for now.
    public var maximum: Duration

    /// Makes a schedule.
    ///
    /// - Parameters:
    ///   - interval: The time between two polls.
    ///   - maximum: The time after which to give up for now.
    public init(interval: Duration = .seconds(60), maximum: Duration) {
        self.interval = max(interval, .seconds(1))
        self.maximum = maximum
    }
}
