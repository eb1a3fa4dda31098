import CertificateAuthority
import Registry
public import SCEP

extension EnrollmentError {
    /// Why, in a word.
    var cause: RefusalCause {
        switch self {
        case .message(let error): RefusalCause(error.code)
        case .unsupportedMessageType: .messageType
        case .credential(let cause, _), .constraint(let cause, _), .renewal(let cause, _): cause
        case .guessing: .guessing
        case .unanswerable: .unanswerable
        case .key(let error), .issuance(let error): RefusalCause(error.code)
        case .queueFull: .queueFull
        case .rejected: .rejected
        case .expired: .undecided
        case .nothingToPoll: .nothingToPoll
        case .unknownCertificate: .unknownCertificate
        case .revocationListTooLarge: .listTooLarge
        case .tooManyQueries: .tooManyLists
        case .signingTime: .clock
        case .internal: .server
        }
    }
}

extension RefusalCause {
    /// What is wrong with a message.
    public init(_ code: SCEPError.Code) {
        self =
            switch code {
            case .operation, .encoding: .badOperation
            case .notAPKIMessage: .notAPKIMessage
            case .algorithm: .algorithm
            case .integrity: .signature
            case .badContent: .content
            case .recipient: .recipient
            case .envelope, .mismatch, .refused: .envelope
            }
    }

    /// Why a certificate is not issued.
    init(_ code: IssuanceError.Code) {
        self =
            switch code {
            case .asksForAuthority, .pathLength: .asksForAuthority
            case .subject: .noName
            case .authorityName: .authorityName
            case .authorityKey: .authorityKey
            case .key: .key
            case .weakKey: .weakKey
            case .badExtension: .badExtension
            case .renewedSubject, .renewedAlternativeNames: .renewedNames
            case .authorityExpired: .authorityEnded
            case .nameConstraints: .nameConstraints
            case .extendedKeyUsage: .purpose
            case .alternativeName: .templateNames
            case .unknownCriticalExtension: .criticalExtension
            case .validity, .renewedCertificate, .revocationList, .authorityCertificate, .chain, .authorityTerms,
                .template, .distribution:
                .issuance
            }
    }

    /// Why a challenge is not usable; nil where it is.
    init?(_ state: ChallengeRecord.State) {
        switch state {
        case .usable: return nil
        case .revoked: self = .challengeRevoked
        case .expired: self = .challengeExpired
        case .spent: self = .challengeSpent
        case .reserved: self = .challengeReserved
        }
    }
}

extension Explanation {
    /// Which credential a refused request lacks; the first one of several.
    var credentialCause: RefusalCause {
        self.verdicts.first { $0.outcome == .fails }?.rule == .address ? .address : .challengeMissing
    }

    /// What a refused request may not ask for; the first one of several.
    var constraintCause: RefusalCause {
        let rules = self.verdicts.filter { $0.outcome == .fails }.map(\.rule)
        return if rules.contains(.subject) {
            .subject
        } else if rules.contains(.alternativeNames) {
            .alternativeNames
        } else {
            .keyKind
        }
    }
}
