/// The outcome of a transaction (RFC 8894 §3.2.1.3).
public enum PKIStatus: Int, Hashable, Sendable {
    /// The request is granted.
    case success = 0
    /// The request is rejected.
    case failure = 2
    /// The request waits for manual approval.
    case pending = 3
}

/// Why a request is rejected (RFC 8894 §3.2.1.4).
public enum FailInfo: Int, Hashable, Sendable, CaseIterable {
    /// Unrecognised or unsupported algorithm.
    case badAlg = 0
    /// Integrity check failed: the signature does not verify.
    case badMessageCheck = 1
    /// Transaction not permitted or supported.
    case badRequest = 2
    /// The signingTime was not sufficiently close to the system time.
    case badTime = 3
    /// No certificate could be identified that matches the provided criteria.
    case badCertId = 4

    /// The name in the RFC.
    public var name: String {
        switch self {
        case .badAlg: "badAlg"
        case .badMessageCheck: "badMessageCheck"
        case .badRequest: "badRequest"
        case .badTime: "badTime"
        case .badCertId: "badCertId"
        }
    }
}
