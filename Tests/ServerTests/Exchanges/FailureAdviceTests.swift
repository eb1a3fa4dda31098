import Foundation
import SCEP
import Testing

@testable import Enrollment
@testable import Server

@Suite("The advice on a failure")
struct FailureAdviceTests {
    /// One sentence, which begins and ends as one.
    static func isSentence(_ text: String) -> Bool {
        let ends = text.indices.filter { index in
            guard text[index] == "." || text[index] == "!" else { return false }
            let next = text.index(after: index)
            return next == text.endIndex || text[next] == " "
        }
        return text.first?.isUppercase == true && ends.count == 1 && text.hasSuffix(".") && !text.contains("  ")
            && text.count < 300
    }

    @Test(
        "is there for every cause, a sentence for what is wrong and one for what to do",
        arguments: RefusalCause.allCases)
    func everyCause(_ cause: RefusalCause) {
        let known = FailureFacts(
            profile: "vpn", client: "192.0.2.7", failInfo: "badRequest", reason: "no", algorithms: ["RSA", "MD5"],
            level: .modern,
            challenge: FailureFacts.SentChallenge(
                name: "static challenge 7 (hall)", isStatic: true, revokedAt: Date(), expiresAt: Date(),
                lastUsedAt: Date()),
            challengeSince: Date(), recipientSince: Date(), lockedUntil: Date(), subjects: ["CN=*"],
            alternativeNames: ["DNS:*"], keys: ["rsa:2048-"], signingTimeTolerance: 300)
        for facts in [FailureFacts(), known] {
            let advice = FailureAdvice(cause, facts)
            #expect(Self.isSentence(advice.cause), "\(advice.cause)")
            #expect(Self.isSentence(advice.cure), "\(advice.cure)")
            let fallback = FailureAdvice(.server, facts)
            #expect((advice == fallback) == (cause == .server), "\(cause)")
        }
    }

    @Test("is of its own for every cause")
    func different() {
        let all = RefusalCause.allCases.map { FailureAdvice($0, FailureFacts()).cause }
        #expect(Set(all).count == all.count)
    }

    @Test("says that the static challenge was changed, and when")
    func changedChallenge() {
        var facts = FailureFacts(profile: "vpn")
        let changed = Date(timeIntervalSince1970: 1_777_777_777)
        facts.challenge = .init(name: "static challenge 3", isStatic: true, revokedAt: changed)
        facts.challengeSince = changed
        #expect(
            FailureAdvice(.challengeRevoked, facts).cause
                == "Wrong challenge: the profile vpn has changed its static challenge on 3 May 2026; this device still sends the "
                + "old one.")
        facts.challengeSince = nil
        #expect(FailureAdvice(.challengeRevoked, facts).cause.contains("there is no other one"))
    }

    @Test("is the reason that was written down where the cause is one of a later version's")
    func unknown() {
        let advice = FailureAdvice(nil, FailureFacts(reason: "the moon is full"))
        #expect(advice.cause == "The moon is full.")
        #expect(Self.isSentence(FailureAdvice(nil, FailureFacts()).cause))
    }

    @Test("writes days as people do", arguments: [(0.0, "1 January 1970"), (1_800_000_000, "15 January 2027")])
    func days(seconds: Double, text: String) {
        #expect(FailureFacts.day(Date(timeIntervalSince1970: seconds)) == text)
    }
}
