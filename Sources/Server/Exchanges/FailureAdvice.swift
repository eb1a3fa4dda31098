import Enrollment
import Foundation
import SCEP

/// Why an exchange failed and what to do about it, a sentence each.
public struct FailureAdvice: Hashable, Sendable {
    /// What is wrong.
    public var cause: String
    /// What to do.
    public var cure: String

    /// Puts it together.
    init(_ cause: String, cure: String) {
        self.cause = cause
        self.cure = cure
    }

    /// Finds the words for a failure.
    ///
    /// - Parameters:
    ///   - cause: Why, in a word; nil where it is none that this version knows.
    ///   - facts: What is known besides.
    init(_ cause: RefusalCause?, _ facts: FailureFacts) {
        guard let cause else {
            self.init(
                facts.reason.map { "\($0.prefix(1).uppercased())\($0.dropFirst())." } ?? "It was refused.",
                cure: "Look at the server's log for more."
            )
            return
        }
        self =
            Self.ofTransport(cause, facts) ?? Self.ofMessage(cause, facts) ?? Self.ofCredential(cause, facts)
            ?? Self.ofNames(cause, facts) ?? Self.ofRenewal(cause, facts) ?? Self.ofIssuance(cause, facts)
            ?? Self.ofWaiting(cause, facts)
    }
}

/// What is wrong before there is a pkiMessage, and what is wrong with it.
extension FailureAdvice {
    private static func ofTransport(_ cause: RefusalCause, _ facts: FailureFacts) -> FailureAdvice? {
        switch cause {
        case .noProfile:
            FailureAdvice(
                "The client uses a URL at which there is no profile.",
                cure: "Give the device the URL of a profile, /scep/NAME, or /scep for the profile default.")
        case .disabled:
            FailureAdvice(
                "The profile \(facts.profile) was switched off.",
                cure:
                    "Switch it on with ucm profile set \(facts.profile) --enabled yes, or give the device another URL.")
        case .badOperation:
            FailureAdvice(
                "The request is no SCEP: it names no operation, or its message is not base64.",
                cure: "Check the device's SCEP URL, and what stands between the device and the server.")
        case .tooLarge:
            FailureAdvice(
                "The request is larger than any pkiMessage.",
                cure: "Find out what is at \(facts.client): it is hardly a SCEP client.")
        case .notAPKIMessage:
            FailureAdvice(
                "What the client sent is no pkiMessage.",
                cure: "Find out what is at \(facts.client), and whether a proxy changes what it sends.")
        case .limited:
            FailureAdvice(
                "The address \(facts.client) has sent more requests within a minute than it may.",
                cure: "Mend what its earlier requests were refused for, or raise the limit with ucm limits set.")
        case .overload:
            FailureAdvice(
                "More requests came at a time than the server's processors can answer.",
                cure: "Let devices enrol at different times, or give the server more processors.")
        default: nil
        }
    }

    private static func ofMessage(_ cause: RefusalCause, _ facts: FailureFacts) -> FailureAdvice? {
        switch cause {
        case .messageType:
            FailureAdvice(
                "The device sent a message of a type that is not answered.",
                cure: "Let it use PKCSReq, RenewalReq, CertPoll, GetCert or GetCRL.")
        case .algorithm: Self.ofAlgorithm(facts)
        case .signature:
            FailureAdvice(
                "The message's signature does not verify: it was changed on its way, or is signed with another key than that of "
                    + "its certificate.",
                cure: "Let the device try again, and where that is no better, update its SCEP client.")
        case .content:
            FailureAdvice(
                "The message is signed, but it is not made as RFC 8894 says.",
                cure: "Update the device's SCEP client.")
        case .recipient:
            FailureAdvice(
                "The message is encrypted for a certificate that is not one of the profile \(facts.profile)'s"
                    + (facts.recipientSince.map { ", which has its present one since \(FailureFacts.day($0))" } ?? "")
                    + ": the device uses an old or a foreign CA or RA certificate.",
                cure: "Let the device fetch the certificates again with GetCACert.")
        case .envelope:
            FailureAdvice(
                "The message could not be decrypted, or there is no valid request in it.",
                cure: "Let the device fetch the certificates again with GetCACert and make a new request.")
        case .clock:
            FailureAdvice(
                "The device's clock is not right: its signingTime is off by more than "
                    + (facts.signingTimeTolerance.map { "the \($0) s that" } ?? "what")
                    + " the profile \(facts.profile) tolerates.",
                cure: "Set the device's clock, best by NTP, or have the profile tolerate more.")
        case .unanswerable:
            FailureAdvice(
                "No answer can be encrypted to the device: it signed with an ECDSA key and sent no challenge.",
                cure: "Let the device sign with an RSA key, or send a challenge.")
        default: nil
        }
    }

    private static func ofAlgorithm(_ facts: FailureFacts) -> FailureAdvice {
        let used = facts.algorithms.isEmpty ? "an algorithm" : facts.algorithms.joined(separator: ", ")
        let level = facts.level.map { "the level \($0.rawValue)" } ?? "the level"
        return FailureAdvice(
            "The device uses \(used), of which \(level) of the profile \(facts.profile) does not accept all.",
            cure: "Switch the device to AES and SHA-256"
                + (facts.level == .legacy ? "." : ", or lower the level with ucm profile set --algorithm-level."))
    }
}

/// What would authorize.
extension FailureAdvice {
    private static func ofCredential(_ cause: RefusalCause, _ facts: FailureFacts) -> FailureAdvice? {
        switch cause {
        case .challengeMissing:
            FailureAdvice(
                "The device sent no challenge, and the profile \(facts.profile) asks for one.",
                cure: "Set the challenge on the device.")
        case .challengeWrong: Self.ofWrongChallenge(facts)
        case .challengeRevoked: Self.ofRevokedChallenge(facts)
        case .challengeExpired:
            FailureAdvice(
                "The \(facts.challengeName) that the device sent is over"
                    + (facts.challenge?.expiresAt.map { " since \(FailureFacts.day($0))" } ?? "") + ".",
                cure: "Make a new one with ucm challenge create and set it on the device.")
        case .challengeSpent:
            FailureAdvice(
                "The \(facts.challengeName) that the device sent is used up"
                    + (facts.challenge?.lastUsedAt.map { ", the last time on \(FailureFacts.day($0))" } ?? "") + ".",
                cure: "Make a new one with ucm challenge create, one for each device.")
        case .challengeReserved:
            FailureAdvice(
                "The \(facts.challengeName) that the device sent is held by another request that waits for approval.",
                cure: "Decide on that request, or make a new challenge for this device.")
        case .challengeBinding:
            FailureAdvice(
                "The \(facts.challengeName) that the device sent is for other names, or for other addresses than "
                    + "\(facts.client).",
                cure: "Make one for this device with ucm challenge create, or correct the names that it asks for.")
        case .address:
            FailureAdvice(
                "The address \(facts.client) is none of those that the profile \(facts.profile) knows.",
                cure: "Add it with ucm profile set --address, or let the device come from a known one.")
        case .guessing:
            FailureAdvice(
                "The address \(facts.client) has sent so many different wrong challenges that none of it "
                    + (facts.lockedUntil.map { "is looked at before \($0.formatted(.iso8601))." } ?? "was looked at."),
                cure: "Correct the challenge of the devices there"
                    + (facts.lockedUntil == nil
                        ? "; the address need not wait any more."
                        : ", then ucm limits clear \(facts.client) lets them in."))
        default: nil
        }
    }

    private static func ofWrongChallenge(_ facts: FailureFacts) -> FailureAdvice {
        let since = facts.challengeSince.map { "; its static one is of \(FailureFacts.day($0))" } ?? ""
        return FailureAdvice(
            "Wrong challenge: it is none that the profile \(facts.profile) has or had\(since).",
            cure: "Set the challenge on the device anew, and watch for blanks and capital letters.")
    }

    private static func ofRevokedChallenge(_ facts: FailureFacts) -> FailureAdvice {
        let revoked = facts.challenge?.revokedAt.map { " on \(FailureFacts.day($0))" } ?? ""
        guard facts.challenge?.isStatic == true else {
            return FailureAdvice(
                "The \(facts.challengeName) that the device sent was revoked\(revoked).",
                cure: "Make a new one with ucm challenge create and set it on the device.")
        }
        guard facts.challengeSince != nil else {
            return FailureAdvice(
                "Wrong challenge: the static challenge of the profile \(facts.profile) was revoked\(revoked), and there is no "
                    + "other one.",
                cure: "Make a challenge for the device with ucm challenge create.")
        }
        return FailureAdvice(
            "Wrong challenge: the profile \(facts.profile) has changed its static challenge\(revoked); this device still sends "
                + "the old one.",
            cure: "Set the new challenge on the device.")
    }
}

/// What may be asked for.
extension FailureAdvice {
    private static func ofNames(_ cause: RefusalCause, _ facts: FailureFacts) -> FailureAdvice? {
        switch cause {
        case .subject:
            FailureAdvice(
                "The profile \(facts.profile) does not allow the subject that the device asks for"
                    + (FailureFacts.list(facts.subjects).map { ": it takes \($0)" } ?? "") + ".",
                cure: "Correct the subject on the device, or allow it with ucm profile set --subject.")
        case .alternativeNames:
            FailureAdvice(
                "The profile \(facts.profile) does not allow one of the SANs that the device asks for"
                    + (FailureFacts.list(facts.alternativeNames).map { ": it takes \($0)" } ?? "") + ".",
                cure: "Correct the SANs on the device, or allow them with ucm profile set --san.")
        case .keyKind:
            FailureAdvice(
                "The profile \(facts.profile) does not take a key of this kind"
                    + (FailureFacts.list(facts.keys).map { ": it takes \($0)" } ?? "") + ".",
                cure: "Let the device make another key, or allow this kind with ucm profile set --key.")
        case .noTemplate:
            FailureAdvice(
                "The template that was decided for this device does not exist any more.",
                cure: "Make it again with ucm template create, or make a new challenge.")
        case .undecidable:
            FailureAdvice(
                "The request is too large to be shown to whoever approves.",
                cure: "Let the device ask for fewer names and extensions.")
        default: nil
        }
    }
}

/// Renewals.
extension FailureAdvice {
    private static func ofRenewal(_ cause: RefusalCause, _ facts: FailureFacts) -> FailureAdvice? {
        switch cause {
        case .renewalsOff:
            FailureAdvice(
                "The device wants to renew its certificate, and the profile \(facts.profile) allows no renewals.",
                cure: "Allow them with ucm profile set --renewal yes, or enrol the device anew.")
        case .foreignCertificate:
            FailureAdvice(
                "The device wants to renew a certificate that is none of this server's.",
                cure: "Enrol the device anew with a challenge.")
        case .otherProfile:
            FailureAdvice(
                "The device wants to renew a certificate that was issued through another profile than \(facts.profile).",
                cure: "Give the device the URL of the profile through which it enrolled.")
        case .revokedCertificate:
            FailureAdvice(
                "The certificate that the device wants to renew is revoked.",
                cure: "Where the device is to be trusted, enrol it anew with a challenge.")
        case .endedCertificate:
            FailureAdvice(
                "The certificate that the device wants to renew has ended, or is not valid yet.",
                cure: "Enrol the device anew, and let it renew earlier or give it days of grace with --renewal-grace.")
        case .tooEarly:
            FailureAdvice(
                "The device wants to renew its certificate earlier than the profile \(facts.profile) allows.",
                cure: "Let it wait, or widen the window with ucm profile set --renewal-window.")
        case .renewedNames:
            FailureAdvice(
                "The device wants to renew its certificate under other names.",
                cure: "Let it ask for the names that the certificate has, or enrol it anew with a challenge.")
        default: nil
        }
    }
}

/// What is never issued.
extension FailureAdvice {
    private static func ofIssuance(_ cause: RefusalCause, _ facts: FailureFacts) -> FailureAdvice? {
        switch cause {
        case .key:
            FailureAdvice(
                "The device's key is of a kind that is not certified, or too small"
                    + (facts.level.map { ": RSA needs \($0.rsaBits.lowerBound) bits or more" } ?? "") + ".",
                cure: "Let the device make an RSA key of 2048 bits or more, or one on P-256.")
        case .weakKey:
            FailureAdvice(
                "The device's key is known to be weak.", cure: "Update the device and let it make another key.")
        case .authorityKey:
            FailureAdvice(
                "The device asks for a certificate for the key of a CA or RA.",
                cure: "Let the device make a key of its own, and find out who is at \(facts.client).")
        case .asksForAuthority:
            FailureAdvice(
                "The device asks to be a CA.",
                cure: "Take basicConstraints and keyCertSign out of what the device asks for.")
        case .noName:
            FailureAdvice(
                "The request has neither a subject nor SANs, or they cannot be read.",
                cure: "Give the device a name to ask for.")
        case .authorityName:
            FailureAdvice("The device asks for the name of the CA itself.", cure: "Give the device a name of its own.")
        case .badExtension:
            FailureAdvice(
                "The device asks for an extension that cannot be read.", cure: "Correct or leave out that extension.")
        case .criticalExtension:
            FailureAdvice(
                "The device asks for a critical extension about which the template says nothing.",
                cure: "Leave the extension out, or let the device ask for it as not critical.")
        case .templateNames:
            FailureAdvice(
                "The device asks for a SAN that the profile's template does not allow.",
                cure: "Leave it out, or change the template with ucm template set.")
        case .nameConstraints:
            FailureAdvice(
                "The device asks for a name that is outside the name constraints of the CA.",
                cure: "Let it ask for another name, or give the profile another CA.")
        case .purpose:
            FailureAdvice(
                "The certificate would be for a purpose that the CA does not grant.",
                cure: "Change the template's purposes, or give the profile another CA.")
        case .authorityEnded:
            FailureAdvice(
                "The certificate of the CA has ended, or ends too soon.",
                cure: "Pass on to the next CA with ucm ca rollover.")
        case .issuance:
            FailureAdvice(
                "The CA or the template of the profile \(facts.profile) cannot issue what the device asks for.",
                cure: "Look at the template and the CA with ucm doctor.")
        default: nil
        }
    }

    /// What waits, what was asked, and what is our fault.
    private static func ofWaiting(_ cause: RefusalCause, _ facts: FailureFacts) -> FailureAdvice {
        switch cause {
        case .queueFull:
            FailureAdvice(
                "As many requests wait for approval as may.",
                cure: "Decide on some of them, or raise the limit with ucm profile set --queue-limit.")
        case .rejected:
            FailureAdvice(
                "An administrator rejected the request.",
                cure: "Where it was a mistake, let the device make a new request.")
        case .undecided:
            FailureAdvice(
                "Nobody approved the request in time.", cure: "Let the device make a new request and decide on it.")
        case .nothingToPoll:
            FailureAdvice(
                "The device polls for a request that is not there, or that another key sent.",
                cure: "Let the device make a new request.")
        case .unknownCertificate:
            FailureAdvice(
                "The certificate or CRL that was asked for is not there, or not for this client.",
                cure: "Check which certificate the device asks for; a CRL is made by a running server.")
        case .listTooLarge:
            FailureAdvice(
                "The CRL is larger than what is sent through SCEP.", cure: "Let the client fetch it by HTTP at /crl.")
        case .tooManyLists:
            FailureAdvice(
                "The address \(facts.client) asks for CRLs too often.",
                cure: "Let it keep the CRL until its next update, or fetch it by HTTP at /crl.")
        case .noNextAuthority:
            FailureAdvice(
                "The device asks for the next CA certificate, and there is none.",
                cure: "Nothing need be done before ucm ca rollover has made one.")
        default:
            FailureAdvice(
                "The server could not answer; that is no fault of the device's.",
                cure: "See in the server's log what failed; the device tries again by itself.")
        }
    }
}

extension FailureFacts {
    /// How the challenge is called that the device sent.
    fileprivate var challengeName: String { self.challenge?.name ?? "challenge" }
}
