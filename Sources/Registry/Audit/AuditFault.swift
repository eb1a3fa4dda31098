/// Something in the audit log that is not as it was written.
public struct AuditFault: Hashable, Sendable {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// An entry and its digest do not fit each other and what is before.
        case altered
        /// What is stored is nothing that was ever written there.
        case unreadable
        /// Entries are neither there nor known to be forgotten.
        case missing(first: Int64, last: Int64)
        /// An entry stands behind one that came after it, or is there twice.
        case outOfOrder
        /// An entry has no place in the audit log: something else than UCM has put it in.
        case outside
        /// The end that is written down is before the last entry, or has another digest.
        case headDiffers(AuditLink)
        /// No end is written down.
        case headMissing
    }

    /// What is wrong.
    public var problem: Problem
    /// The chain; nil for an entry without a place.
    public var chain: Int64?
    /// The number in the chain of the entry where it shows; nil for an entry without a place.
    public var sequence: Int64?
    /// The event's number; nil where it is not one event.
    public var event: Int64?

    /// What is wrong, in a sentence.
    public var description: String {
        let entry = [self.sequence.map { "entry \($0)" }, self.event.map { "event \($0)" }]
            .compactMap(\.self).joined(separator: ", ")
        switch self.problem {
        case .altered:
            return "\(entry): its content or its digest was changed, or the digest of the entry before it"
        case .unreadable: return "\(entry): it cannot be read, so something else than UCM has written it"
        case .missing(let first, let last):
            return first == last ? "entry \(first) is missing" : "entries \(first) to \(last) are missing"
        case .outOfOrder: return "\(entry): it stands behind an entry that came after it, or is there twice"
        case .outside: return "\(entry): it has no place in the audit log, so something else than UCM has put it in"
        case .headDiffers(let head):
            return "the last entry is to be \(head.sequence) with the digest \(head.digestText), and it is entry "
                + "\(self.sequence ?? 0) with another one"
        case .headMissing: return "the record of the last entry is missing"
        }
    }
}

extension AuditFault: CustomStringConvertible {}
