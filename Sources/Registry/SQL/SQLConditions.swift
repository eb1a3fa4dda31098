/// The conditions of a search of which each is optional, with their parameters numbered as they come.
struct SQLConditions {
    private var conditions: [String] = []
    private(set) var values: [SQLValue] = []

    /// A further parameter's name in the statement.
    mutating func parameter(_ value: SQLValue) -> String {
        self.values.append(value)
        return "$\(self.values.count)"
    }

    /// Adds a condition that compares with a value, which comes last in it.
    mutating func add(_ comparison: String, _ value: SQLValue) {
        self.conditions.append("\(comparison) \(self.parameter(value))")
    }

    /// Adds a condition without a value.
    mutating func add(_ condition: String) {
        self.conditions.append(condition)
    }

    /// Adds the condition that a column has one of several values; none of them is the same as all.
    mutating func add(_ column: String, isOneOf values: [SQLValue]) {
        guard !values.isEmpty else { return }
        let parameters = values.map { self.parameter($0) }.joined(separator: ", ")
        self.conditions.append("\(column) IN (\(parameters))")
    }

    /// The WHERE clause; empty without conditions.
    var clause: String {
        self.conditions.isEmpty ? "" : "WHERE " + self.conditions.joined(separator: " AND ")
    }
}
