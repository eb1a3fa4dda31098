import AdministrationAPI
import Foundation

@testable import Server

/// Checks values against JSON Schema, as far as OpenAPI's document makes use of it.
struct JSONSchemaChecker {
    /// What references lead into.
    let document: JSONValue

    private static let formats: [String: String] = [
        "date-time": #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"#, "byte": #"^[A-Za-z0-9+/]*={0,2}$"#,
        "binary": "", "uri-reference": #"^\S*$"#,
    ]

    /// What is wrong with a value.
    func faults(of value: JSONValue, against schema: JSONValue, at path: String = "$") -> [String] {
        guard case .object(let object) = schema else { return ["\(path): the schema is no object"] }
        return object.members.flatMap { keyword, argument in
            self.faults(of: value, keyword, argument, in: schema, at: path)
        }
    }

    private func faults(
        of value: JSONValue,
        _ keyword: String,
        _ argument: JSONValue,
        in schema: JSONValue,
        at path: String
    ) -> [String] {
        let fault = ["\(path): \(keyword) \(argument.compactText)"]
        func unless(_ isRight: Bool) -> [String] { isRight ? [] : fault }
        switch keyword {
        case "description", "examples": return []
        case "$ref":
            guard let named = self.schema(at: argument.text ?? "") else { return fault }
            return self.faults(of: value, against: named, at: path)
        case "type":
            let types = argument.array?.compactMap(\.text) ?? argument.text.map { [$0] } ?? []
            return unless(types.contains { Self.isOfType(value, $0) })
        case "enum": return unless(argument.array?.contains(value) ?? false)
        case "anyOf":
            return unless(
                argument.array?.contains { self.faults(of: value, against: $0, at: path).isEmpty } ?? false)
        case "minimum": return unless(value.double.map { $0 >= argument.double ?? .infinity } ?? true)
        case "maximum": return unless(value.double.map { $0 <= argument.double ?? -.infinity } ?? true)
        case "minLength":
            return unless(value.text.map { $0.unicodeScalars.count >= argument.integer ?? .max } ?? true)
        case "maxLength":
            return unless(value.text.map { $0.unicodeScalars.count <= argument.integer ?? -1 } ?? true)
        case "pattern": return unless(value.text.map { Self.matches($0, argument.text ?? "(") } ?? true)
        case "format":
            guard let pattern = Self.formats[argument.text ?? ""] else { return fault }
            return unless(value.text.map { Self.matches($0, pattern) } ?? true)
        case "minItems": return unless(value.array.map { $0.count >= argument.integer ?? .max } ?? true)
        case "maxItems": return unless(value.array.map { $0.count <= argument.integer ?? -1 } ?? true)
        case "items":
            return (value.array ?? []).enumerated().flatMap { index, element in
                self.faults(of: element, against: argument, at: "\(path)[\(index)]")
            }
        case "required":
            guard case .object(let object) = value else { return [] }
            return unless((argument.array ?? []).allSatisfy { object[$0.text ?? ""] != nil })
        case "properties":
            guard case .object(let object) = value else { return [] }
            return object.members.flatMap { name, value in
                argument[name].map { self.faults(of: value, against: $0, at: "\(path).\(name)") } ?? []
            }
        case "additionalProperties":
            guard case .object(let object) = value, argument == false else { return unless(argument == false) }
            let unknown = object.members.map(\.name).filter { schema["properties"]?[$0] == nil }
            return unless(unknown.isEmpty)
        default: return ["\(path): \(keyword) is not known here"]
        }
    }

    /// What a reference leads to.
    func schema(at reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(self.document) { value, name in
            value?[String(name)]
        }
    }

    private static func isOfType(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.bool, "boolean"), (.integer, "integer"), (.integer, "number"), (.number, "number"),
            (.string, "string"), (.array, "array"), (.object, "object"):
            true
        default: false
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil || pattern.isEmpty
    }
}

extension JSONValue {
    /// The number, whatever it is.
    var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// All values inside it and itself.
    var everything: [JSONValue] {
        switch self {
        case .array(let values): [self] + values.flatMap(\.everything)
        case .object(let object): [self] + object.members.flatMap { $0.value.everything }
        default: [self]
        }
    }

    /// The names of its members, where it is an object.
    var names: [String] { if case .object(let object) = self { object.members.map(\.name) } else { [] } }
}
