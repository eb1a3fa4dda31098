import CertificateAuthority
import Foundation
import Registry

/// An attempt to sign in, of which only the password has been tried so far.
struct SignInAttempt: Sendable {
    var claimant: Claimant
    var code: String?
    var userAgent: String?
    /// The account whose password was tried; nil where nobody has the name.
    var tried: AccountRecord?
    var trial: PasswordGate.Trial
    /// The secret of the session that may begin.
    var secret: String
    var masterKey: MasterKey

    /// What comes of it.
    enum Outcome: Sendable {
        case signedIn(SignIn)
        case refused(SignInError)
        /// The password was changed while it was tried.
        case changedMeanwhile
    }

    /// How many sessions an account has at most; the oldest ends when one more begins.
    private static let maximumSessions = 50

    /// How somebody proves what he has besides the password.
    private enum SecondFactor {
        case notNeeded
        case missing
        case wrong
        case step(Int64)
        case recoveryCode
    }

    /// Decides, and begins the session.
    ///
    /// All in one transaction, and whether the name is locked is looked at again in it: whoever sends many passwords
    /// together learns no more than whoever sends them one after the other.
    func decide(in accounts: AccountTransaction) throws -> Outcome {
        if let lock = try AccountLock.find(self.claimant.name, from: self.claimant.network, in: accounts) {
            return .refused(.locked(until: lock.until))
        }
        let account = try accounts.account(named: self.claimant.name)
        guard account?.id == self.tried?.id, account?.passwordHash == self.tried?.passwordHash else {
            return .changedMeanwhile
        }
        guard self.trial.isRight, let account, !account.isDisabled else {
            let reason = account?.isDisabled == true ? "disabled" : "wrong password"
            try self.claimant.fail(account, reason, in: accounts)
            return .refused(.wrongCredentials)
        }
        switch try self.secondFactor(of: account, in: accounts) {
        case .notNeeded: return .signedIn(try self.begin(account, in: accounts))
        case .step(let step): return .signedIn(try self.begin(account, step: step, in: accounts))
        case .recoveryCode:
            let left = try accounts.recoveryCodeCount(of: account.id)
            return .signedIn(try self.begin(account, recoveryCodesLeft: left, in: accounts))
        case .missing: return .refused(.codeNeeded)
        case .wrong:
            try self.claimant.fail(account, "right password, wrong code", in: accounts)
            return .refused(.wrongCode)
        }
    }

    private func secondFactor(of account: AccountRecord, in accounts: AccountTransaction) throws -> SecondFactor {
        guard let sealed = account.sealedCodes else { return .notNeeded }
        guard let code, code.contains(where: { !$0.isWhitespace }) else { return .missing }
        let codes = TOTP(secret: try self.masterKey.open(sealed, for: SealPurpose.oneTimeCodes(account: account.id)))
        if let step = codes.step(of: code, at: accounts.now, after: account.lastStep) { return .step(step) }
        if let digest = RecoveryCode.digest(code), try accounts.useRecoveryCode(digest, of: account.id) {
            return .recoveryCode
        }
        return .wrong
    }

    private func begin(
        _ account: AccountRecord,
        step: Int64? = nil,
        recoveryCodesLeft: Int? = nil,
        in accounts: AccountTransaction
    ) throws -> SignIn {
        let settings = try accounts.accountSettings()
        try accounts.noteSignIn(of: account.id, step: step, hash: self.trial.stronger)
        try accounts.forgetFailures(of: account.name, from: self.claimant.network)
        try accounts.forgetSessions(
            of: account.id,
            lastUsedBefore: accounts.now.addingTimeInterval(-settings.idleTime),
            keepingAtMost: Self.maximumSessions - 1
        )
        guard let digest = Credential.digest(self.secret) else {
            throw RegistryError.failed("a session without a secret cannot begin")
        }
        let expiresAt = accounts.now.addingTimeInterval(settings.absoluteTime)
        let session = try accounts.insert(
            NewSession(
                digest: digest,
                account: account.id,
                expiresAt: expiresAt,
                clientAddress: self.claimant.address,
                userAgent: self.userAgent
            )
        )
        let principal = Principal(
            account: account.id,
            name: account.name,
            role: account.role,
            permissions: try accounts.permissions(ofRole: account.role),
            means: .session(session),
            mustChangePassword: account.mustChangePassword,
            address: self.claimant.address
        )
        let how = recoveryCodesLeft.map { "with a recovery code, \($0) are left" } ?? ""
        try accounts.record(
            NewEvent(.signedIn, by: principal.decider, object: account.auditObject, detail: how))
        return SignIn(
            secret: self.secret,
            csrfToken: Administration.csrfToken(of: self.secret),
            expiresAt: expiresAt,
            principal: principal,
            recoveryCodesLeft: recoveryCodesLeft
        )
    }
}
