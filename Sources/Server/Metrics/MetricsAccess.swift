import Crypto

/// Who may read the metrics over HTTPS: whoever has the token that was set, or whom somebody else vouches for.
///
/// They say which profiles there are and how much is going on, so they are for nobody else.
struct MetricsAccess: Sendable {
    /// The digest of the token; nil where none is set.
    private let digest: SHA256Digest?
    /// Whether another token may read them.
    private let isAccepted: (@Sendable (String) async -> Bool)?

    /// Short ones are tried out.
    static let shortestToken = 16

    init(token: String?, isAccepted: (@Sendable (String) async -> Bool)? = nil) {
        self.digest = token.map { SHA256.hash(data: Array($0.utf8)) }
        self.isAccepted = isAccepted
    }

    /// What the settings say.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - isAccepted: Whether another token may read them.
    /// - Throws: ``StartupError``.
    init(
        _ configuration: ServerConfiguration,
        isAccepted: (@Sendable (String) async -> Bool)? = nil
    ) throws(StartupError) {
        let token: String?
        switch (configuration.metricsToken, configuration.metricsTokenFile) {
        case (.some, .some):
            throw StartupError(
                "the token for metrics comes from one place only: UCM_METRICS_TOKEN or --metrics-token-file")
        case (let text?, nil): token = text
        case (nil, let path?): token = try DataDirectory.secret(in: path, flag: "metrics-token-file")
        case (nil, nil): token = nil
        }
        if let token, token.utf8.count < Self.shortestToken {
            throw StartupError("the token for metrics has fewer than \(Self.shortestToken) characters")
        }
        self.init(token: token, isAccepted: isAccepted)
    }

    /// Whether anybody at all may read them.
    var isOpen: Bool { self.digest != nil || self.isAccepted != nil }

    /// Whether whoever sends a request with this Authorization field may.
    func allows(_ authorization: String?) async -> Bool {
        guard let authorization, authorization.prefix(7).lowercased() == "bearer " else { return false }
        let token = String(authorization.dropFirst(7).drop { $0 == " " })
        // Two digests are compared in constant time.
        if let digest, SHA256.hash(data: Array(token.utf8)) == digest { return true }
        return await self.isAccepted?(token) ?? false
    }
}
