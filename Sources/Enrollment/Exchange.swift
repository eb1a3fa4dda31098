public import CryptographicMessageSyntax
public import SCEP

/// One PKIOperation and its answer, for the log and whoever sends it.
public struct Exchange: Sendable {
    /// How it ended.
    public enum Outcome: Hashable, Sendable {
        /// A certificate was issued; for a renewal, in the place of the one with the other serial number.
        case issued(serialNumber: [UInt8], renewing: [UInt8]?)
        /// A certificate that was issued before was sent: to the same request, to a poll or to a GetCert.
        case sent
        /// A CRL was sent.
        case sentRevocationList
        /// The request waits for approval.
        case pending
        /// The request was refused.
        case refused(FailInfo, reason: String)
    }

    /// The CertRep, as DER.
    public var answer: [UInt8]
    /// How it ended.
    public var outcome: Outcome
    /// What was asked.
    public var messageType: MessageType
    /// In which transaction.
    public var transactionID: TransactionID
    /// The subject that was asked for, readable, as far as it got known.
    public var subject: String?
    /// The digest and cipher that the client used, as far as they got known.
    public var algorithms: (digest: DigestAlgorithm, cipher: ContentEncryptionAlgorithm)?
    /// All algorithms that the client used by their names, also those that are refused or unknown.
    public var used: UsedAlgorithms
    /// Why it was refused, in a word; nil where it was not.
    public var cause: RefusalCause?
    /// The number of the challenge that it had, where that is one of the profile's, good or not.
    public var challenge: Int64?
    /// The number of the request in the registry, where it has one.
    public var request: Int64?
    /// Whether an address can send so many of these only: a refusal that was decided now, or a request that
    /// waits in the place of another one though nothing vouches for it.
    public var countsAgainstClient: Bool
    /// Whether the answer must be sent at a time that gives nothing away.
    public var isConcealed: Bool
    /// Whether such answers are slow at present, because somebody guesses challenges.
    public var isSlowed: Bool
    /// How many different wrong challenges came to the profile in the last hour, where an alarm is due.
    public var alarm: Int?
}
