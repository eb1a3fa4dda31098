extension SubjectPolicy {
    /// The subject of a certificate.
    ///
    /// - Parameters:
    ///   - components: The parts.
    ///   - attributes: The attributes of the subject that is asked for.
    ///   - alternativeNames: The SANs from which values may be taken.
    ///   - template: The name of the template, for the sentence.
    /// - Returns: The Name, encoded.
    /// - Throws: ``IssuanceError`` with code `subject` where the request lacks a part, or it is none for a Name.
    static func build(
        _ components: [SubjectComponent],
        from attributes: [RequestedNames.Attribute],
        _ alternativeNames: [AlternativeName],
        template: String
    ) throws(IssuanceError) -> [UInt8] {
        var name = WrittenName(attributes: [])
        for component in components {
            guard let text = try Self.text(of: component, attributes, alternativeNames, template) else { continue }
            let attribute = WrittenName.Attribute(type: component.type, text: text)
            if let flaw = WrittenName.flaw(of: attribute) {
                throw IssuanceError(
                    .subject,
                    "the template \(template) cannot build the subject from the request: \(flaw)"
                )
            }
            name.attributes.append(attribute)
        }
        return name.encoded
    }

    /// The text of a part; nil where it is left out.
    private static func text(
        of component: SubjectComponent,
        _ attributes: [RequestedNames.Attribute],
        _ alternativeNames: [AlternativeName],
        _ template: String
    ) throws(IssuanceError) -> String? {
        let source: String
        let found: String??
        switch component.value {
        case .fixed(let text): return text
        case .attribute(let type):
            source = type
            found = attributes.first { $0.type == type }.map(\.text)
        case .alternativeName(let kind):
            source = "SAN of the kind \(kind.rawValue)"
            found = alternativeNames.first { $0.kind == kind }.map(\.text)
        }
        guard let found else {
            guard !component.isOptional else { return nil }
            throw IssuanceError(
                .subject,
                "the template \(template) builds the subject from the request's \(source), which it lacks"
            )
        }
        guard let text = found else {
            throw IssuanceError(
                .subject,
                "the template \(template) builds the subject from the request's \(source), which is no text or has "
                    + "characters that cannot be seen or are taken for others"
            )
        }
        return text
    }
}
