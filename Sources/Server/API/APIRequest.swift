import AdministrationAPI
import Foundation
import HTTPTypes
import Registry

/// What somebody sends to the API, before a route is found for it.
struct APICall: Sendable {
    var method: HTTPRequest.Method
    /// The parts of the path below `/api/v1`, without percent signs.
    var path: [String]
    var query: [(name: String, value: String)] = []
    var ifMatch: String?
    var ifNoneMatch: String?
    var idempotencyKey: String?
    var body: [UInt8] = []
    /// The type of the body without its parameters, in small letters; nil where none is said.
    var contentType: String?
    /// What of the client's program is remembered with a session.
    var userAgent = ""
    var address: String?
    /// The secret of the session in the cookie.
    var session: String?
    /// Who calls; nil for nobody in particular.
    var principal: Principal?
    var now: Date
}

/// What a route is given: what was sent, checked, and by whom.
struct APIRequest: Sendable {
    let call: APICall
    let route: APIRoute
    let api: API
    /// What stands in the path for the names in braces.
    let parameters: [String: String]
    let body: JSONValue

    var administration: Administration { self.api.administration }
    var now: Date { self.call.now }

    /// Who asks.
    var principal: Principal {
        get throws(APIProblem) {
            guard let principal = self.call.principal else { throw API.signInNeeded }
            return principal
        }
    }

    /// Who decides, for the record.
    var decider: Decider {
        get throws(APIProblem) { try self.principal.decider }
    }

    /// What stands in the path for a name in braces.
    func parameter(_ name: String) -> String { self.parameters[name] ?? "" }

    /// The number that stands in the path; nobody has the number -1.
    var number: Int64 { Int64(self.parameter("id")) ?? -1 }

    /// What a parameter of the query says; nil where it is not there.
    func query<Value>(_ parameter: QueryParameter<Value>) throws(APIProblem) -> Value? {
        guard let text = self.call.query.first(where: { $0.name == parameter.name })?.value else { return nil }
        do throws(ValueProblem) {
            return try parameter.value(text)
        } catch {
            throw APIProblem(
                .invalidParameter, "the parameter \(parameter.name) cannot be used: \(error.reason)",
                problems: [error.inside(parameter.name)])
        }
    }

    /// The revision that the caller has seen; nil where he says nothing, or "*".
    var expectedRevision: String? {
        self.call.ifMatch.flatMap { $0 == "*" ? nil : $0.trimmingCharacters(in: CharacterSet(charactersIn: "\" ")) }
    }

    /// What was sent, taken over into a thing.
    func apply<Root>(_ fields: FieldSet<Root>, to root: inout Root, isNew: Bool) throws(APIProblem) {
        do throws(ValueProblems) {
            try fields.apply(self.body, to: &root, isNew: isNew)
        } catch {
            let names = error.problems.map { $0.path.isEmpty ? "the body" : $0.path }
            throw APIProblem(
                .invalid, "this cannot be used as it was sent: \(names.joined(separator: ", "))",
                problems: error.problems)
        }
    }

    /// A thing made of what was sent.
    func read<Root>(_ fields: FieldSet<Root>, into empty: Root) throws(APIProblem) -> Root {
        var root = empty
        try self.apply(fields, to: &root, isNew: true)
        return root
    }
}
