import AdministrationAPI

/// What a JSON value may be, as OpenAPI 3.1 says it (JSON Schema 2020-12).
struct Schema: Hashable, Sendable {
    /// The schema itself.
    private(set) var object: JSONObject

    private init(_ members: [(String, JSONValue)]) { self.object = JSONObject(members) }

    /// The schema as JSON.
    var json: JSONValue { .object(self.object) }

    /// The JSON type that it asks for, where it is a single one besides null.
    var type: String? {
        switch self.object["type"] {
        case .string(let type): type
        case .array(let types): types.lazy.compactMap(\.text).first { $0 != "null" }
        default: nil
        }
    }

    static let boolean = Schema([("type", "boolean")])
    /// An object with any members.
    static let anyObject = Schema([("type", "object")])

    static func integer(_ range: ClosedRange<Int>) -> Schema {
        Schema([
            ("type", "integer"), ("minimum", .integer(Int64(range.lowerBound))),
            ("maximum", .integer(Int64(range.upperBound))),
        ])
    }

    static let number = Schema([("type", "number")])

    static func string(
        format: String? = nil,
        pattern: String? = nil,
        lengths: ClosedRange<Int>? = nil
    ) -> Schema {
        var members: [(String, JSONValue)] = [("type", "string")]
        if let format { members.append(("format", .string(format))) }
        if let pattern { members.append(("pattern", .string(pattern))) }
        if let lengths {
            if lengths.lowerBound > 0 { members.append(("minLength", .integer(Int64(lengths.lowerBound)))) }
            if lengths.upperBound < Int.max { members.append(("maxLength", .integer(Int64(lengths.upperBound)))) }
        }
        return Schema(members)
    }

    static func choice(_ values: [String]) -> Schema {
        Schema([("type", "string"), ("enum", .array(values.map(JSONValue.string)))])
    }

    static func array(of items: Schema, counts: ClosedRange<Int>? = nil) -> Schema {
        var members: [(String, JSONValue)] = [("type", "array"), ("items", items.json)]
        if let counts {
            if counts.lowerBound > 0 { members.append(("minItems", .integer(Int64(counts.lowerBound)))) }
            members.append(("maxItems", .integer(Int64(counts.upperBound))))
        }
        return Schema(members)
    }

    /// An object with these members and no others.
    static func object(
        _ properties: [(name: String, schema: Schema)],
        required: [String],
        description: String? = nil
    ) -> Schema {
        var members: [(String, JSONValue)] = [
            ("type", "object"), ("properties", .object(JSONObject(properties.map { ($0.name, $0.schema.json) }))),
        ]
        if let description { members.insert(("description", .string(description)), at: 0) }
        if !required.isEmpty { members.append(("required", .array(required.map(JSONValue.string)))) }
        members.append(("additionalProperties", false))
        return Schema(members)
    }

    /// One of the schemas that have a name.
    static func named(_ name: String) -> Schema { Schema([("$ref", .string("#/components/schemas/\(name)"))]) }

    /// A number of CAs below one another, or a word for it.
    static let pathLength = Schema([("anyOf", [Self.integer(0...10).json, Self.choice(["usual", "unlimited"]).json])])

    /// The same for texts that look like a pattern.
    func patterned(_ pattern: String) -> Schema {
        var copy = self
        copy.object["pattern"] = .string(pattern)
        return copy
    }

    /// The same, or null.
    var orNull: Schema {
        guard let type = self.object["type"] else { return Schema([("anyOf", [self.json, ["type": "null"]])]) }
        var copy = self
        copy.object["type"] = [type, "null"]
        if let values = copy.object["enum"]?.array { copy.object["enum"] = .array(values + [.null]) }
        return copy
    }

    /// The same with a word on what it means.
    func described(_ description: String, example: JSONValue? = nil) -> Schema {
        var copy = self
        // Beside a reference only JSON Schema of today reads it, which is the one of OpenAPI 3.1.
        copy.object["description"] = .string(description)
        if let example { copy.object["examples"] = [example] }
        return copy
    }
}
