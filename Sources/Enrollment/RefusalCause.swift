/// Why a client does not get what it asks for, in a word: what programs decide by, where people read the reason.
///
/// The words are stored, so none is ever given another meaning.
public enum RefusalCause: String, Hashable, Sendable, CaseIterable {
    // What is no SCEP.

    /// There is no profile at the path.
    case noProfile
    /// The profile at the path is switched off.
    case disabled
    /// The URL names no operation, or its message cannot be read.
    case badOperation
    /// The body is larger than any pkiMessage.
    case tooLarge
    /// The bytes are no pkiMessage.
    case notAPKIMessage

    // What is wrong with a pkiMessage.

    /// Its type is none that is answered.
    case messageType
    /// It uses an algorithm that the profile's level does not accept, or that nobody knows.
    case algorithm
    /// Its signature is wrong.
    case signature
    /// Its visible parts are not what they should be.
    case content
    /// It is encrypted for another certificate than one of the profile's.
    case recipient
    /// It does not decrypt, or there is no request inside.
    case envelope
    /// Its signingTime is too far from the server's time.
    case clock
    /// No answer can be encrypted to the client.
    case unanswerable

    // What authorizes.

    /// It has no challenge.
    case challengeMissing
    /// Its challenge is none that the profile has or had.
    case challengeWrong
    /// Its challenge was revoked, or another one has come into its place.
    case challengeRevoked
    /// The time of its challenge is over.
    case challengeExpired
    /// Its challenge is used up.
    case challengeSpent
    /// Its challenge is held by a request that waits.
    case challengeReserved
    /// Its challenge is good for other names or addresses.
    case challengeBinding
    /// Its address is none of those that the profile knows.
    case address
    /// Its address has sent too many different wrong challenges.
    case guessing
    /// Its address has sent too many requests.
    case limited

    // What may be asked for.

    /// The profile does not allow the subject.
    case subject
    /// The profile does not allow one of the SANs.
    case alternativeNames
    /// The profile does not take keys of this kind.
    case keyKind
    /// The template that was decided for the device does not exist.
    case noTemplate
    /// It is too large to wait for somebody's approval.
    case undecidable

    // Renewals.

    /// The profile allows no renewals.
    case renewalsOff
    /// The certificate that signed is none of ours.
    case foreignCertificate
    /// The certificate that signed was issued through another profile.
    case otherProfile
    /// The certificate that signed is revoked.
    case revokedCertificate
    /// The certificate that signed has ended, or is not valid yet.
    case endedCertificate
    /// It is too early to renew.
    case tooEarly
    /// The renewal is for other names than the certificate.
    case renewedNames

    // What is never issued.

    /// The key is of a kind or size that is not certified.
    case key
    /// The key is known to be weak.
    case weakKey
    /// The key is a CA's or RA's own.
    case authorityKey
    /// It asks to be a CA, or to sign certificates.
    case asksForAuthority
    /// There is no name in it, or it cannot be read.
    case noName
    /// The subject is the CA's own name.
    case authorityName
    /// A requested extension cannot be read.
    case badExtension
    /// A critical extension was asked for that the template has nothing to say about.
    case criticalExtension
    /// The template does not allow one of the SANs.
    case templateNames
    /// A name is outside the CA's name constraints.
    case nameConstraints
    /// A purpose was asked for that the CA does not grant.
    case purpose
    /// The CA's certificate has ended, or ends too soon.
    case authorityEnded
    /// The CA, or the template, cannot issue this.
    case issuance

    // Waiting and asking.

    /// As many requests wait as may.
    case queueFull
    /// Somebody rejected it.
    case rejected
    /// Nobody decided on it in time.
    case undecided
    /// There is nothing that this client could poll for.
    case nothingToPoll
    /// What was asked for by issuer and serial number is not there, or not for this client.
    case unknownCertificate
    /// The CRL is larger than what is sent through SCEP.
    case listTooLarge
    /// Too many CRLs were asked for.
    case tooManyLists
    /// There is no next CA.
    case noNextAuthority

    // The fault is here.

    /// Something of ours failed.
    case server
    /// More requests came than could be answered.
    case overload
}
