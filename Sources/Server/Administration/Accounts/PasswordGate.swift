import Dispatch
import Foundation

/// The one place where passwords are tried and made, a few at a time.
///
/// scrypt takes a tenth of a second and 32 MiB on purpose. It runs on threads of its own, so that no enrolment waits for
/// one, and whoever sends many passwords gets an answer, but no more memory.
actor PasswordGate {
    /// How many may wait for their turn.
    static let maximumWaiting = 32

    /// What a new password costs.
    nonisolated let cost: PasswordHash.Cost
    /// How often scrypt was run to try a password.
    private(set) var trials = 0
    private let turnstile = Turnstile(
        places: 2, maximumWaiting: PasswordGate.maximumWaiting,
        refusal: "too many passwords are tried and made at the same time: try again in a few seconds")
    private let queue = DispatchQueue(label: "passwords", qos: .utility, attributes: .concurrent)
    /// What is tried where nobody has the name.
    private let stranger: PasswordHash

    init(cost: PasswordHash.Cost = .standard) {
        self.cost = cost
        self.stranger = PasswordHash(
            cost: cost, salt: [UInt8](repeating: 0x55, count: 16), key: [UInt8](repeating: 0, count: 32))
    }

    /// What came of trying a password.
    struct Trial: Hashable, Sendable {
        /// Whether it is the right one.
        var isRight: Bool
        /// What is better kept of it, because trying it has become too cheap; nil otherwise.
        var stronger: String?
    }

    /// Tries a password; where there is none to compare with, it takes as long and is wrong.
    ///
    /// - Parameters:
    ///   - password: What somebody has typed.
    ///   - kept: What is kept; nil for nothing.
    /// - Returns: What came of it.
    /// - Throws: ``AdministrationError`` of the kind `tooMany`, or the cryptographic library's error.
    func tryPassword(_ password: String, keptAs kept: String?) async throws -> Trial {
        let hash = kept.flatMap(PasswordHash.init(text:))
        let cost = self.cost
        // Nobody has a longer one; what is longer is wrong, and costs the same. To HMAC, and so to scrypt, zeros behind a
        // password are nothing.
        let isPossible = password.utf8.count <= 4096 && !password.utf8.contains(0)
        let password = isPossible ? password : ""
        self.trials += 1
        return try await self.run { [stranger] in
            guard try (hash ?? stranger).matches(password), let hash, isPossible else { return Trial(isRight: false) }
            let stronger = hash.cost.work < cost.work ? try PasswordHash.make(password, cost: cost).text : nil
            return Trial(isRight: true, stronger: stronger)
        }
    }

    /// Makes what is kept of a password.
    ///
    /// - Throws: ``AdministrationError`` of the kind `tooMany`, or the cryptographic library's error.
    func makeHash(_ password: String) async throws -> String {
        let cost = self.cost
        return try await self.run { try PasswordHash.make(password, cost: cost).text }
    }

    /// Runs what takes as long as a password when it is its turn, on a thread of its own.
    ///
    /// - Throws: ``AdministrationError`` of the kind `tooMany`, or what the closure throws.
    nonisolated func run<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        try await self.turnstile.pass { [queue] in
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result(catching: work)) }
            }
        }
    }
}
