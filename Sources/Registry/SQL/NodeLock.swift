/// What the nodes that share a database take turns with.
public enum NodeLock: Int32, Sendable, CaseIterable {
    /// Having the master key in memory: all nodes and commands share it, but for him who changes the key.
    case installation = 1
    /// Making what the first start makes.
    case beginning = 2
    /// Doing what has to be done without anybody asking.
    case duty = 3

    /// With whom it is shared.
    public enum Kind: Sendable {
        /// With others who share it.
        case shared
        /// With nobody.
        case exclusive
    }
}
