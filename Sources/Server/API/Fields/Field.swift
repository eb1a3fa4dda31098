import AdministrationAPI

/// A member of a resource in the API: what it is called, what it means, how it is read and written.
///
/// From the same description come the JSON that is answered, the checks of what is sent, and OpenAPI's schema.
struct Field<Root: Sendable>: Sendable {
    typealias Read = @Sendable (Root) -> JSONValue
    typealias Write = @Sendable (inout Root, JSONValue) throws(ValueProblem) -> Void

    let name: String
    /// What is answered.
    let schema: Schema
    /// What may be sent.
    let sentSchema: Schema
    /// nil for what is only ever sent.
    let read: Read?
    /// nil for what is only ever answered.
    let write: Write?
    /// Whether whoever makes the resource has to say it.
    var isRequired = false

    /// What can be read and written.
    init<Value>(
        _ name: String,
        _ path: any WritableKeyPath<Root, Value> & Sendable,
        _ kind: ValueKind<Value>,
        _ summary: String,
        example: JSONValue? = nil
    ) {
        self.name = name
        self.schema = kind.schema.described(summary, example: example)
        self.sentSchema = self.schema
        self.read = { kind.encode($0[keyPath: path]) }
        self.write = { root, value throws(ValueProblem) in root[keyPath: path] = try kind.decode(value) }
    }

    /// A group of settings, of which those that are not sent stay as they are.
    init<Group>(_ name: String, _ path: any WritableKeyPath<Root, Group> & Sendable, _ fields: FieldSet<Group>) {
        self.name = name
        self.schema = fields.schema
        self.sentSchema = fields.sentSchema(isNew: false)
        self.read = { fields.json($0[keyPath: path]) }
        self.write = { root, value throws(ValueProblem) in try fields.apply(value, to: &root[keyPath: path]) }
    }

    fileprivate init(
        name: String,
        schema: Schema,
        read: Read?,
        write: Write?,
        sentSchema: Schema? = nil
    ) {
        (self.name, self.schema, self.sentSchema) = (name, schema, sentSchema ?? schema)
        (self.read, self.write) = (read, write)
    }

    /// What is only ever answered.
    static func answered<Value>(
        _ name: String,
        _ kind: ValueKind<Value>,
        _ summary: String,
        example: JSONValue? = nil,
        _ get: @escaping @Sendable (Root) -> Value
    ) -> Field {
        Field(
            name: name,
            schema: kind.schema.described(summary, example: example),
            read: { kind.encode(get($0)) },
            write: nil
        )
    }

    /// An answered member that has members itself; nil for null.
    static func answered<Part>(
        _ name: String,
        _ fields: FieldSet<Part>,
        _ summary: String,
        _ get: @escaping @Sendable (Root) -> Part?
    ) -> Field {
        Field(
            name: name,
            schema: fields.schema.orNull.described(summary),
            read: { get($0).map(fields.json) ?? .null },
            write: nil
        )
    }

    /// An answered list of things that have members themselves.
    static func answered<Part>(
        _ name: String,
        listOf fields: FieldSet<Part>,
        _ summary: String,
        _ get: @escaping @Sendable (Root) -> [Part]
    ) -> Field {
        Field(
            name: name,
            schema: Schema.array(of: fields.schema).described(summary),
            read: { .array(get($0).map(fields.json)) },
            write: nil
        )
    }

    /// What is only ever sent.
    static func sent<Value>(
        _ name: String,
        _ path: any WritableKeyPath<Root, Value> & Sendable,
        _ kind: ValueKind<Value>,
        _ summary: String,
        example: JSONValue? = nil
    ) -> Field {
        Field(name: name, schema: kind.schema.described(summary, example: example), read: nil) {
            root, value throws(ValueProblem) in root[keyPath: path] = try kind.decode(value)
        }
    }

    /// The same, which whoever makes the resource has to say.
    var required: Field {
        var copy = self
        copy.isRequired = true
        return copy
    }

    /// The same, which can only be read.
    var readOnly: Field { Field(name: self.name, schema: self.schema, read: self.read, write: nil) }

    /// The same of something of which this is a part.
    func within<Whole>(_ path: any WritableKeyPath<Whole, Root> & Sendable) -> Field<Whole> {
        var (readWhole, writeWhole): (Field<Whole>.Read?, Field<Whole>.Write?)
        if let read = self.read { readWhole = { whole in read(whole[keyPath: path]) } }
        if let write = self.write {
            writeWhole = { whole, value throws(ValueProblem) in try write(&whole[keyPath: path], value) }
        }
        var field = Field<Whole>(
            name: self.name,
            schema: self.schema,
            read: readWhole,
            write: writeWhole,
            sentSchema: self.sentSchema
        )
        field.isRequired = self.isRequired
        return field
    }
}
