/// One attribute of a subject that a template builds.
public struct SubjectComponent: Hashable, Sendable {
    /// Where the value comes from.
    public enum Value: Hashable, Sendable {
        /// From the template: the same in all certificates.
        case fixed(String)
        /// From the requested subject: the first attribute of a type, as ``AttributeTypeName`` has it.
        case attribute(String)
        /// From the requested SANs: the first name of a kind.
        case alternativeName(AlternativeName.Kind)
    }

    /// The type as ``AttributeTypeName`` has it: `CN`, `O`, or an OID with dots.
    public var type: String
    /// Where the value comes from.
    public var value: Value
    /// Whether the attribute is left out where the request has nothing for it; otherwise such a request is refused.
    public var isOptional: Bool

    /// Makes a part of a subject.
    public init(type: String, value: Value, isOptional: Bool = false) {
        self.type = type
        self.value = value
        self.isOptional = isOptional
    }
}

extension SubjectComponent: CustomStringConvertible {
    /// The part as it is written: `CN={CN}`, `CN={DNS?}`, `O=Example`.
    public var description: String {
        let mark = self.isOptional ? "?" : ""
        return switch self.value {
        case .fixed(let text): "\(self.type)=\(NameNotation.escaped(text))"
        case .attribute(let type): "\(self.type)={\(type)\(mark)}"
        case .alternativeName(let kind): "\(self.type)={\(kind.rawValue)\(mark)}"
        }
    }
}

extension SubjectComponent {
    /// Whether a request without a SAN of a kind is refused.
    var needsAlternativeName: Bool {
        if case .alternativeName = self.value { return !self.isOptional }
        return false
    }

    /// What is wrong with the part, as a sentence; nil where nothing is.
    var flaw: String? {
        guard AttributeTypeName.canonical(self.type) == self.type,
            AttributeTypeName.identifier(of: self.type) != nil
        else { return "\"\(ReadableText.line(self.type))\" is no type of attribute: write CN, O or an OID with dots" }
        switch self.value {
        case .fixed(let text):
            guard NameNotation.isWritable(text) else {
                return "the fixed \(self.type) has a character that cannot be seen or is taken for another"
            }
            return WrittenName.flaw(of: .init(type: self.type, text: text))
        case .attribute(let type):
            guard AttributeTypeName.canonical(type) == type else {
                return "\"\(ReadableText.line(type))\" is no type of attribute: write CN, O or an OID with dots"
            }
            return nil
        case .alternativeName(.other):
            return "a SAN of a kind without a name has no text: take DNS, email, URI, IP or UPN"
        case .alternativeName: return nil
        }
    }
}
