/// What the subjects of a template's certificates are: as requested, or built from parts.
///
/// It is written `requested`, or as a Name with placeholders: `CN={CN}, OU=Devices, O=Example Corp`. `{CN}` is the
/// requested subject's first CN, `{DNS}` the first requested SAN of that kind (DNS, email, URI, IP, UPN); with a question
/// mark, `{CN?}`, the attribute is left out where the request has none. A placeholder stands alone behind the equals
/// sign. Everything else is fixed text with the escapes of RFC 4514 §2.4; braces are escaped too.
public enum SubjectPolicy: PolicyNotation {
    /// The subject is the request's, byte for byte.
    case requested
    /// The subject has these attributes, in this order, and no others.
    case built([SubjectComponent])

    /// Reads a policy.
    ///
    /// - Parameter text: What somebody wrote.
    /// - Throws: ``PolicySyntaxError`` that says where it is wrong.
    public init(parsing text: String) throws(PolicySyntaxError) {
        guard text.lowercased() != "requested" else {
            self = .requested
            return
        }
        let notation = NameNotation(text: text)
        var components: [SubjectComponent] = []
        for part in try notation.parts() {
            let component = try Self.component(part, notation)
            if let flaw = component.flaw { throw PolicySyntaxError(text, at: part.value.startIndex, flaw) }
            components.append(component)
        }
        self = .built(components)
    }

    private static func component(
        _ part: NameNotation.Part,
        _ notation: NameNotation
    ) throws(PolicySyntaxError) -> SubjectComponent {
        guard part.value.first == "{" else {
            return SubjectComponent(type: part.type, value: .fixed(try notation.literal(part.value)))
        }
        guard part.value.last == "}", part.value.count > 2 else {
            throw PolicySyntaxError(
                notation.text,
                at: part.value.startIndex,
                "a placeholder ends with a brace and stands alone; write \(part.type)={CN}, and \\{ for a brace itself"
            )
        }
        var name = part.value.dropFirst().dropLast()
        let isOptional = name.last == "?"
        if isOptional { name = name.dropLast() }
        let written = String(name)
        let kind = AlternativeName.Kind.allCases.first {
            $0 != .other && $0.rawValue.lowercased() == written.lowercased()
        }
        if let kind {
            return SubjectComponent(type: part.type, value: .alternativeName(kind), isOptional: isOptional)
        }
        guard let type = AttributeTypeName.canonical(written) else {
            throw PolicySyntaxError(
                notation.text,
                at: name.startIndex,
                "no placeholder; write {CN} or another type of attribute, or {DNS}, {email}, {URI}, {IP} or {UPN}"
            )
        }
        return SubjectComponent(type: part.type, value: .attribute(type), isOptional: isOptional)
    }

    /// The policy as it is written.
    public var description: String {
        switch self {
        case .requested: "requested"
        case .built(let components): components.map(\.description).joined(separator: ", ")
        }
    }
}
