/// How much of a PostgreSQL server is used, and how long it is waited for.
public struct PostgreSQLOptions: Hashable, Sendable {
    /// How many connections there are at most; one of them writes.
    public var maximumConnections = 12
    /// How long it is waited for a connection that is free.
    public var connectionPatience = Duration.seconds(10)
    /// How long it is tried to reach the server again before whoever waits is told.
    public var reconnectionPatience = Duration.seconds(2)
    /// How long a statement may take; the ones that go through everything may take longer.
    public var statementTimeout = Duration.seconds(60)
    /// After how long without an answer a connection is given up: more than a statement may take.
    public var answerTimeout = Duration.seconds(75)
    /// After how long a connection is given up on which a statement runs that goes through everything.
    public var longAnswerTimeout = Duration.seconds(900)
    /// How long it is waited for the changes of other nodes.
    public var lockTimeout = Duration.seconds(10)
    /// After how long without a statement the server ends a transaction, so that a node that has stopped holds up no other.
    public var idleTimeout = Duration.seconds(60)

    /// Makes the usual options.
    public init() {}
}
