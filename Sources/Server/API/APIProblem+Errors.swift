import AdministrationAPI
import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import Registry
import SCEP

extension APIProblem {
    /// What is answered where something is thrown; what only the server's administrator can mend is not described.
    init(_ error: any Error) {
        switch error {
        case let problem as APIProblem: self = problem
        case let error as AdministrationError: self.init(error)
        case let error as SignInError: self.init(error)
        case let error as BackupError where error.code == .passphrase:
            self.init(
                .invalid, error.description, problems: [ValueProblem(path: "passphrase", reason: error.description)])
        case let error as ApprovalError: self.init(error)
        case let error as LimitSettingsError: self.init(.invalid, error.description)
        case let error as PolicySyntaxError: self.init(.invalid, error.description)
        case let error as IssuanceError: self.init(.refused, error.reason)
        case let error as KeyFileError: self.init(.refused, error.description)
        case let error as SCEPError: self.init(.refused, error.reason)
        case let error as CMSError: self.init(.refused, error.reason)
        case let error as BackupError where error.code == .passphrase:
            self.init(
                .invalid, error.description,
                problems: [ValueProblem(path: "passphrase", reason: error.description)])
        case RegistryError.outcomeUnknown:
            self.init(
                .unavailable, "it is not known whether the database has made the change: look before you make it again")
        case RegistryError.failed, RegistryError.unavailable, RegistryError.cannotOpen:
            self.init(.unavailable, "the database does not do what was asked: try again")
        case RegistryError.closed:
            self.init(.unavailable, "this server's registry is closed, its log says why: ask another server")
        case is KeyError: self.init(.unavailable, "a key of the installation cannot be used now")
        case is CancellationError: self.init(.unavailable, "the server stops: try again")
        default: self.init(.internalError, "the server's log says what happened")
        }
    }

    private init(_ error: AdministrationError) {
        let code: Code =
            switch error.kind {
            case .invalid: error.field == nil ? .refused : .invalid
            case .notFound: .notFound
            case .conflict: .conflict
            case .changed: .changedMeanwhile
            case .forbidden: .forbidden
            case .tooMany: .tooMany
            }
        self.init(
            code, error.description,
            problems: error.field.map { [ValueProblem(path: $0, reason: error.description)] } ?? [])
    }

    private init(_ error: SignInError) {
        switch error {
        case .wrongCredentials, .wrongCode: self.init(.wrongCredentials, error.description)
        case .codeNeeded: self.init(.codeNeeded, error.description)
        case .locked(let date):
            let seconds = max(1, Int(date.timeIntervalSinceNow.rounded(.up)))
            self.init(.tooMany, error.description, headers: [.retryAfter: "\(seconds)"])
        }
    }

    private init(_ error: ApprovalError) {
        let code: Code =
            switch error {
            case .unknown: .notFound
            case .unknownTemplate: .invalid
            case .notWaiting, .expired, .profileGone, .authorityGone, .authorityRetired: .conflict
            }
        self.init(code, error.description)
    }
}
