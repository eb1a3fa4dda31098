import AdministrationAPI

/// All members of a resource, or of what is sent to make or change one.
struct FieldSet<Root: Sendable>: Sendable {
    let fields: [Field<Root>]

    /// How many things that are wrong are said at once.
    private static var maximumProblems: Int { 20 }

    init(_ fields: [Field<Root>]) { self.fields = fields }

    /// What is answered of a thing.
    func json(_ root: Root) -> JSONValue {
        .object(JSONObject(self.fields.compactMap { field in field.read.map { (field.name, $0(root)) } }))
    }

    /// Takes over what is sent; what is not sent stays as it is.
    ///
    /// - Throws: ``ValueProblems`` with everything that is wrong.
    func apply(_ value: JSONValue, to root: inout Root, isNew: Bool) throws(ValueProblems) {
        guard case .object(let object) = value else {
            throw ValueProblems([ValueProblem(reason: "a JSON object is expected")])
        }
        var problems: [ValueProblem] = []
        for (name, value) in object.members {
            guard problems.count < Self.maximumProblems else { break }
            guard let field = self.fields.first(where: { $0.name == name }) else {
                problems.append(ValueProblem(path: name, reason: self.reasonAgainstUnknown))
                continue
            }
            guard let write = field.write else {
                problems.append(ValueProblem(path: name, reason: "it cannot be set, only read"))
                continue
            }
            do throws(ValueProblem) {
                try write(&root, value)
            } catch {
                problems.append(error.inside(name))
            }
        }
        for field in self.fields where isNew && field.isRequired && object[field.name] == nil {
            problems.append(ValueProblem(path: field.name, reason: "it is missing"))
        }
        guard problems.isEmpty else { throw ValueProblems(problems) }
    }

    /// Takes over a group inside something else, up to the first thing that is wrong.
    func apply(_ value: JSONValue, to root: inout Root) throws(ValueProblem) {
        do throws(ValueProblems) {
            try self.apply(value, to: &root, isNew: false)
        } catch {
            throw error.problems.first ?? ValueProblem(reason: "it cannot be used")
        }
    }

    private var reasonAgainstUnknown: String {
        "there is no such field: there are "
            + self.fields.filter { $0.write != nil }.map(\.name).joined(separator: ", ")
    }

    /// What is answered.
    var schema: Schema {
        let shown = self.fields.filter { $0.read != nil }
        return .object(shown.map { ($0.name, $0.schema) }, required: shown.map(\.name))
    }

    /// What may be sent.
    func sentSchema(isNew: Bool) -> Schema {
        let sent = self.fields.filter { $0.write != nil }
        return .object(
            sent.map { ($0.name, $0.sentSchema) }, required: isNew ? sent.filter(\.isRequired).map(\.name) : [])
    }
}

/// Everything that is wrong with what was sent.
struct ValueProblems: Error {
    let problems: [ValueProblem]
    init(_ problems: [ValueProblem]) { self.problems = problems }
}
