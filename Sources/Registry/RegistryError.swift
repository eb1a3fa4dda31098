/// Why the registry could not do what was asked.
public enum RegistryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The database cannot be opened.
    case cannotOpen(String)
    /// A statement failed: a constraint does not hold.
    case failed(String)
    /// The database cannot be used now, whatever is asked: the disk is full, the connection broke, another one has it locked.
    case unavailable(String)
    /// The connection broke while a change was being committed, so that it may have been made or not.
    case outcomeUnknown(String)
    /// What is stored is not what this version stores.
    case damaged(String)
    /// The database was written by an older version, and whoever opens it may not change that.
    case tooOld(found: Int, known: Int)
    /// The database was written by a newer version.
    case tooNew(found: Int, known: Int)
    /// The registry takes no changes any more, or not yet, because it was copied elsewhere, or is being copied.
    case closed(String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .cannotOpen(let reason): "the database cannot be opened: \(reason)"
        case .failed(let reason): "the database refuses: \(reason)"
        case .unavailable(let reason): "the database cannot be used now: \(reason)"
        case .outcomeUnknown(let reason):
            "it is not known whether the database has made the change, look before it is made again: \(reason)"
        case .damaged(let reason): "the database holds something unexpected: \(reason)"
        case .tooOld(let found, let known):
            "the database has schema \(found), this program needs \(known): restart the server with this version first"
        case .tooNew(let found, let known):
            "the database has schema \(found), this program knows up to \(known): start the newer version"
        case .closed(let reason): reason
        }
    }

    /// Whether it is the database as a whole that does not work, so that the same may succeed later.
    public var isOutage: Bool {
        switch self {
        case .cannotOpen, .unavailable, .outcomeUnknown, .closed: true
        case .failed, .damaged, .tooOld, .tooNew: false
        }
    }
}
