import CertificateAuthority
import Enrollment
import Foundation
import Registry
import Synchronization

/// OCSP responses that were signed and hold until the certificate's state changes.
///
/// Only what was issued is kept, so that nobody who asks for invented serial numbers fills it.
final class CertificateStatuses: Sendable {
    /// Which certificate of which CA, as a client names it.
    struct Key: Hashable {
        var authority: Int64
        var certificate: CertID
    }

    /// A signed response.
    struct Answer: Sendable {
        var response: BasicOCSPResponse
        var signer: OCSPSigner
        var thisUpdate: Date
        var nextUpdate: Date
    }

    /// In bytes of answers and about what keeping them takes.
    private static let size = 48 << 20
    private static let overhead = 400
    /// About how many changes are followed in one step, so that a million revocations are not in memory together.
    private static let changesAtOnce = 20_000

    private let answers = ResponseCache<Key, Answer>(costLimit: CertificateStatuses.size)
    /// Up to which change of each CA it was looked.
    private let seen = Mutex<[Int64: Int64]>([:])

    /// A number that is another one once something was forgotten.
    var age: UInt64 { self.answers.age }

    /// A response that holds at a time and is in the first half of its life; nil where there is none.
    func answer(for key: Key, signedBy signer: OCSPSigner, at now: Date) -> Answer? {
        guard let answer = self.answers.value(for: key), answer.signer.certificate == signer.certificate,
            now >= answer.thisUpdate,
            now.timeIntervalSince(answer.thisUpdate) < answer.nextUpdate.timeIntervalSince(now)
        else { return nil }
        return answer
    }

    /// Keeps a response.
    ///
    /// - Parameters:
    ///   - answer: The response.
    ///   - key: For which certificate.
    ///   - age: What ``age`` was before the registry was asked: where it is another one by now, the answer may be out of
    ///     date already.
    func keep(_ answer: Answer, for key: Key, ofAge age: UInt64) {
        // The client's own words for the certificate are kept too: twice in the key, as a whole and in parts.
        let cost = answer.response.byteCount + 2 * key.certificate.encoded.count + Self.overhead
        self.answers.insert(answer, for: key, cost: cost, ofAge: age)
    }

    /// Forgets all responses, where it cannot be found out which of them still hold.
    func forgetAll() { self.answers.removeAll() }

    /// Forgets the responses for certificates whose state has changed in the registry.
    func follow(_ states: [Int64: RevocationListState], in registry: Registry) async throws {
        for (authority, state) in states {
            guard let last = self.seen.withLock({ $0[authority] }) else {
                // Whatever is kept of a CA that was not looked at before may be older than this.
                self.seen.withLock { $0[authority] = state.revocationChanges }
                self.answers.remove { key, _ in key.authority == authority }
                continue
            }
            var sequence = last
            while sequence < state.revocationChanges {
                let found = try await registry.revocationChanges(
                    authority: authority,
                    after: sequence,
                    limit: Self.changesAtOnce
                )
                let serialNumbers = Set(found.changes.map(\.serialNumber))
                self.answers.remove { key, _ in
                    key.authority == authority && serialNumbers.contains(key.certificate.serialNumber)
                }
                sequence = found.sequence
                self.seen.withLock { [sequence] in $0[authority] = sequence }
            }
        }
    }
}
