import AdministrationAPI
import Foundation

/// A parameter of a route, in the query or in the path.
struct APIParameter: Sendable {
    let name: String
    let schema: Schema
    let check: @Sendable (String) throws(ValueProblem) -> Void
}

/// A parameter in the query, with the kind of its value.
struct QueryParameter<Value: Sendable>: Sendable {
    let name: String
    let kind: ValueKind<Value>
    let summary: String

    init(_ name: String, _ kind: ValueKind<Value>, _ summary: String) {
        (self.name, self.kind, self.summary) = (name, kind, summary)
    }

    /// What a text in a query stands for.
    func value(_ text: String) throws(ValueProblem) -> Value { try self.kind.decode(self.json(text)) }

    private func json(_ text: String) -> JSONValue {
        switch self.kind.schema.type {
        case "integer": Int64(text).map(JSONValue.integer) ?? .string(text)
        case "boolean": text == "true" ? true : text == "false" ? false : .string(text)
        case "array": .array(text.split(separator: ",", omittingEmptySubsequences: false).map { .string(String($0)) })
        default: .string(text)
        }
    }

    /// The parameter without the kind of its value.
    var parameter: APIParameter {
        APIParameter(name: self.name, schema: self.kind.schema.described(self.summary)) { text throws(ValueProblem) in
            _ = try self.value(text)
        }
    }
}
