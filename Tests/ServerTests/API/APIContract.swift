import AdministrationAPI
import Foundation
import HTTPTypes

@testable import Server

/// What OpenAPI's document promises of an answer.
enum APIContract {
    private static let checker = JSONSchemaChecker(document: OpenAPI.document)

    /// What of an answer the document does not say.
    static func faults(of received: APIReceived, to method: HTTPRequest.Method, _ path: String) -> [String] {
        var faults: [String] = []
        let type = received.headers[.contentType]
        let isProblem = [.clientError, .serverError].contains(received.status.kind)
        if isProblem != (type == "application/problem+json"), method != .head {
            faults.append("the type is \(type ?? "missing")")
        }
        if received.headers[.cacheControl] != "no-store" { faults.append("it may be kept in caches") }
        if received.headers[.xContentTypeOptions] != "nosniff" { faults.append("its type may be guessed") }
        if received.status == .internalServerError { faults.append("the server has failed") }
        if isProblem, method != .head { faults += Self.problemFaults(of: received) }
        let segments = path.split(separator: "?", omittingEmptySubsequences: false)[0].split(
            separator: "/", omittingEmptySubsequences: false
        ).dropFirst().map { String($0).removingPercentEncoding }
        // What no route answers, and what says that the client knows it already, belongs to no operation.
        guard received.status != .notModified, !segments.contains(nil), method != .head,
            let (route, _) = try? API.route(method, segments.compactMap(\.self))
        else { return faults }
        return faults + Self.faults(of: received, of: route)
    }

    private static func problemFaults(of received: APIReceived) -> [String] {
        let schema: JSONValue = ["$ref": "#/components/schemas/Problem"]
        var faults = Self.checker.faults(of: received.json, against: schema)
        if received.json["status"]?.integer != Int64(received.status.code) {
            faults.append("its status is another one")
        }
        let detail = received.json["detail"]?.text ?? ""
        if detail.isEmpty || detail.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            faults.append("its detail is no sentence")
        }
        return faults
    }

    private static func faults(of received: APIReceived, of route: APIRoute) -> [String] {
        let operation = OpenAPI.document["paths"]?[route.path]?[route.method.rawValue.lowercased()]
        guard let response = operation?["responses"]?["\(received.status.code)"] else {
            return ["the status \(received.status.code) is not in the document"]
        }
        guard let content = response["content"] else {
            return received.bytes.isEmpty ? [] : ["there is a body that is not in the document"]
        }
        guard let type = received.headers[.contentType], let schema = content[type]?["schema"] else {
            return ["the type \(received.headers[.contentType] ?? "nothing") is not in the document"]
        }
        guard type.hasSuffix("json") else { return [] }
        return Self.checker.faults(of: received.json, against: schema)
    }
}
