import CLibpq

/// What PostgreSQL says of a failure, in one line and without the values of a statement, which may be secrets.
enum PostgreSQLFailure {
    /// What a part of an error is asked for by, as libpq-fe.h has it in macros: PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY.
    private static let (state, message) = (UInt8(ascii: "C"), UInt8(ascii: "M"))

    /// Why a connection did not come about.
    static func connecting(_ connection: OpaquePointer, to address: PostgreSQLAddress) -> RegistryError {
        let message = Self.line(String(cString: PQerrorMessage(connection)))
        if PQconnectionNeedsPassword(connection) == 1 {
            return .cannotOpen("\(address): the server asks for a password, and the database URL has none")
        }
        if message.contains("session is read-only") || message.contains("in hot standby mode") {
            return .cannotOpen("\(address): this server is a read-only replica, name the primary: \(message)")
        }
        return .cannotOpen("\(address): \(message)")
    }

    /// Why a statement failed.
    static func statement(_ result: OpaquePointer) -> RegistryError {
        guard let state = Self.field(Self.state, of: result) else {
            // The server has said nothing: libpq itself has noticed that nobody is there.
            return .unavailable(
                "the connection to the server broke: \(Self.line(String(cString: PQresultErrorMessage(result))))")
        }
        // Not the details: they have values in them.
        let message = Self.line(Self.field(Self.message, of: result) ?? "no reason given")
        if state == RegistryClosure.state { return .closed(message) }
        let reason = "\(message)\(Self.advice(state)) (PostgreSQL \(state))"
        return Self.isOutage(state) ? .unavailable(reason) : .failed(reason)
    }

    /// Whether it is the server, and not the statement, that does not work: connections (08), a replica, resources such as the
    /// disk (53), somebody who interferes, such as a timeout (57), the system around it (58), a lock that others have.
    private static func isOutage(_ state: String) -> Bool {
        ["08", "53", "57", "58"].contains(state.prefix(2)) || ["25006", "55P03"].contains(state)
    }

    /// Whether a statement failed in a way that another connection may not fail in: the server stops, or has become a replica.
    static func endsConnection(_ result: OpaquePointer) -> Bool {
        guard let state = Self.field(Self.state, of: result) else { return true }
        return state == "25006" || state.hasPrefix("57P") || state.hasPrefix("08")
    }

    /// Why nothing came back.
    static func broken(_ connection: OpaquePointer?) -> RegistryError {
        let message = connection.map { Self.line(String(cString: PQerrorMessage($0))) } ?? ""
        return .unavailable("the connection to the server broke\(message.isEmpty ? "" : ": " + message)")
    }

    private static func advice(_ state: String) -> String {
        switch state {
        case "25006": ": this server is a read-only replica, name the primary in the database URL"
        case "42501": ": give the user all rights on the schema, or make it the database's owner"
        case "53100": ": the server's disk is full, make room on it, and the nodes go on by themselves"
        case "55P03": ": another node's change takes too long, try again"
        case "57014": ": it took too long, try again"
        default: ""
        }
    }

    private static func field(_ name: UInt8, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, CInt(name)).map { String(cString: $0) }
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix { $0.isWhitespace } }.joined(separator: "; ")
    }
}
