import AdminUI
import AdministrationAPI

/// What a schema asks for, as people read it.
enum SchemaText {
    /// A member of an object, or of an object in it.
    struct Member {
        /// Its name, with those around it: `rules.addresses`, and `items[].name` in lists.
        let path: String
        let schema: JSONValue
        let isRequired: Bool
    }

    /// The members of an object, each before those inside it.
    static func members(of schema: JSONValue, inside path: String = "", depth: Int = 0) -> [Member] {
        guard depth < 6, case .object(let properties)? = schema["properties"] else { return [] }
        let required = Set((schema["required"]?.array ?? []).compactMap(\.text))
        return properties.members.flatMap { name, member in
            let whole = path + name
            let own = Member(path: whole, schema: member, isRequired: required.contains(name))
            let inner = Self.object(in: member)
            return [own] + (inner.map { Self.members(of: $0.schema, inside: whole + $0.step, depth: depth + 1) } ?? [])
        }
    }

    /// The object that a member is, or has several of.
    private static func object(in schema: JSONValue) -> (schema: JSONValue, step: String)? {
        if schema["properties"] != nil { return (schema, ".") }
        if let items = schema["items"], items["properties"] != nil { return (items, "[].") }
        return nil
    }

    /// What a value may be.
    static func type(_ schema: JSONValue, depth: Int = 0) -> HTML {
        if let name = schema["$ref"]?.text?.split(separator: "/").last.map(String.init) {
            return .link("#schema-\(name)", HTML(name))
        }
        if let choices = schema["anyOf"]?.array, depth < 4 {
            return HTML(
                choices.enumerated().map { index, choice in
                    [index == 0 ? "" : " or ", Self.type(choice, depth: depth + 1)]
                })
        }
        let types = (schema["type"]?.array ?? [schema["type"] ?? .null]).compactMap(\.text)
        let orNull: HTML = types.contains("null") && types.count > 1 ? [" or ", .code("null")] : ""
        let words: HTML =
            switch types.first {
            case "string": Self.text(schema)
            case "integer": HTML("number" + Self.range(schema))
            case "number": "number with a fraction"
            case "boolean": [.code("true"), " or ", .code("false")]
            case "null": .code("null")
            case "array": Self.list(schema, depth: depth)
            default: "object"
            }
        return [words, orNull]
    }

    private static func list(_ schema: JSONValue, depth: Int) -> HTML {
        let most = schema["maxItems"]?.integer.flatMap { $0 < Int64(Int.max) ? ", at most \($0)" : nil } ?? ""
        let least = schema["minItems"]?.integer.map { ", at least \($0)" } ?? ""
        guard depth < 4, let items = schema["items"] else { return "list" }
        return ["list: ", Self.type(items, depth: depth + 1), HTML(least + most)]
    }

    private static func text(_ schema: JSONValue) -> HTML {
        if let values = schema["enum"]?.array {
            return HTML(
                values.filter { $0 != .null }.enumerated().map { index, value in
                    [index == 0 ? "" : ", ", .code(value.text ?? "")]
                })
        }
        switch schema["format"]?.text {
        case "date-time": return "time, ISO 8601"
        case "byte": return "base64"
        case "binary": return "a file"
        case let format?: return HTML(format)
        case nil: break
        }
        let pattern: HTML = schema["pattern"]?.text.map { [" like ", .code($0)] } ?? ""
        return ["text", HTML(Self.lengths(schema)), pattern]
    }

    private static func lengths(_ schema: JSONValue) -> String {
        switch (schema["minLength"]?.integer, schema["maxLength"]?.integer) {
        case (nil, nil): ""
        case (let least?, nil): ", \(least) characters or more"
        case (nil, let most?): ", up to \(most) characters"
        case (let least?, let most?): ", \(least) to \(most) characters"
        }
    }

    private static func range(_ schema: JSONValue) -> String {
        let least = schema["minimum"]?.integer ?? 0
        guard let most = schema["maximum"]?.integer, most < 9_007_199_254_740_991 else {
            return least == 0 ? "" : ", \(least) or more"
        }
        return ", \(least) to \(most)"
    }

    /// A value that fits, to show what one looks like.
    static func example(of schema: JSONValue) -> JSONValue {
        if let example = schema["examples"]?.array?.first { return example }
        if let value = schema["enum"]?.array?.first { return value }
        if let choice = schema["anyOf"]?.array?.first { return Self.example(of: choice) }
        let type = schema["type"]?.text ?? schema["type"]?.array?.first?.text
        switch type {
        case "integer": return .integer(schema["minimum"]?.integer ?? 1)
        case "boolean": return true
        case "array": return .array(schema["items"].map { [Self.example(of: $0)] } ?? [])
        case "object": return Self.exampleOfObject(schema)
        default: return schema["format"]?.text == "date-time" ? "2027-01-31T12:00:00Z" : "…"
        }
    }

    private static func exampleOfObject(_ schema: JSONValue) -> JSONValue {
        let required = Set((schema["required"]?.array ?? []).compactMap(\.text))
        guard case .object(let properties)? = schema["properties"] else { return .object(JSONObject()) }
        return .object(
            JSONObject(
                properties.members.filter { required.contains($0.name) }.map { ($0.name, Self.example(of: $0.value)) }))
    }
}
