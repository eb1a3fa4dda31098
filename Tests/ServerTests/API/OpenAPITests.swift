import AdministrationAPI
import Foundation
import HTTPTypes
import Testing

@testable import Server

@Suite("The description of the API")
struct OpenAPITests {
    private static let document = OpenAPI.document
    private static let checker = JSONSchemaChecker(document: document)

    private static var operations: [(name: String, operation: JSONValue)] {
        (Self.document["paths"]?.names ?? []).flatMap { path in
            let methods = Self.document["paths"]?[path] ?? .null
            return methods.names.map { ("\($0.uppercased()) \(path)", methods[$0] ?? .null) }
        }
    }

    @Test("has every route and nothing else")
    func routes() {
        #expect(Self.operations.map(\.name).sorted() == API.routes.map(RightsTests.name).sorted())
        let names = Self.operations.compactMap { $0.operation["operationId"]?.text }
        #expect(names.count == API.routes.count && Set(names).count == names.count)
        #expect(names.allSatisfy { $0.utf8.allSatisfy { $0.isLetter } })
    }

    @Test("refers to nothing that is not there, and has no schema that nothing refers to")
    func references() {
        let references = Set(Self.document.everything.compactMap { $0["$ref"]?.text })
        for reference in references { #expect(Self.checker.schema(at: reference) != nil, "\(reference)") }
        let names = Self.document["components"]?["schemas"]?.names ?? []
        #expect(Set(names.map { "#/components/schemas/\($0)" }) == references)
        #expect(Set(names).count == names.count)
    }

    @Test("names each parameter of a path, once")
    func parameters() {
        for (name, operation) in Self.operations {
            let parameters = operation["parameters"]?.array ?? []
            let inPath = parameters.filter { $0["in"] == "path" }.compactMap { $0["name"]?.text }
            let braces = name.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            #expect(inPath == braces, "\(name)")
            let all = parameters.map { "\($0["in"]?.text ?? "") \($0["name"]?.text ?? "")" }
            #expect(Set(all).count == all.count, "\(name)")
        }
    }

    @Test("has schemas that can be checked, and examples that fit them")
    func schemas() {
        for object in Self.document.everything {
            for example in object["examples"]?.array ?? [] {
                #expect(Self.checker.faults(of: example, against: object) == [], "\(object.compactText)")
            }
            if let schema = object["schema"], let example = object["example"] {
                #expect(Self.checker.faults(of: example, against: schema) == [], "\(example.compactText)")
            }
            // An unknown keyword is found by checking whatever value.
            if let schema = object["schema"] {
                #expect(!Self.checker.faults(of: .null, against: schema).contains { $0.hasSuffix("not known here") })
            }
            if object["properties"] != nil, let required = object["required"]?.array {
                #expect(required.allSatisfy { object["properties"]?[$0.text ?? ""] != nil })
            }
        }
    }

    @Test("says who may use what, and has an answer for each thing that can go wrong")
    func responses() {
        for (name, operation) in Self.operations {
            let row = RightsTable.rows.first { $0.route == name }
            let isForEverybody = row?.allowed.contains("nobody") == true
            #expect((operation["security"] == []) == isForEverybody, "\(name)")
            let statuses = Set(operation["responses"]?.names ?? [])
            #expect(
                statuses.isSuperset(of: isForEverybody ? ["400", "429"] : ["400", "401", "403", "429"]), "\(name)")
            #expect(statuses.count { $0.hasPrefix("2") } == 1, "\(name)")
            if name.contains("{") { #expect(statuses.contains("404"), "\(name)") }
            if operation["requestBody"] != nil { #expect(statuses.isSuperset(of: ["413", "415", "422"]), "\(name)") }
        }
    }

    @Test("is served to everybody as it is, and says that it is JSON")
    func served() async throws {
        try await APIServer.run { server in
            let received = try await server.get("/openapi.json", by: .nobody)
            #expect(received.headers[.contentType] == "application/json")
            #expect(received.text == Self.document.prettyText)
            #expect(received.json["openapi"] == "3.1.0")
        }
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
}
