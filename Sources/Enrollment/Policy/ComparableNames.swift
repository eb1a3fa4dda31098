import CertificateAuthority

/// A subject whose values are ready to be compared with patterns.
struct ComparableSubject {
    struct Value {
        /// The value as it was asked for; nil where no rule may match it.
        var text: String?
        /// The same as it is compared; nil where nothing may match it.
        var prepared: PreparedText?
    }

    private let values: [(type: String, value: Value)]

    init(_ attributes: [RequestedNames.Attribute]) {
        self.values = attributes.map { attribute in
            let style = SubjectPattern.style(of: attribute.type)
            return (attribute.type, Value(text: attribute.text, prepared: .init(attribute.text, as: style)))
        }
    }

    /// The values of a type, in their order.
    func values(of type: String) -> [Value] { self.values.compactMap { $0.type == type ? $0.value : nil } }
}

/// A SAN that is ready to be compared with patterns.
struct ComparableAlternativeName {
    let kind: AlternativeName.Kind
    /// The name as it is compared; nil where only a pattern for all names may match it.
    let text: PreparedText?
    /// The address, of an IP.
    let address: IPAddress?
    /// The name as people read it.
    let description: String

    init(_ name: AlternativeName) {
        self.kind = name.kind
        self.description = name.description
        self.address = name.kind == .ip ? name.text.flatMap { IPAddress($0) } : nil
        self.text = name.kind.style.flatMap { PreparedText(name.text, as: $0) }
    }
}

extension AlternativeName.Kind {
    /// What the names of this kind are like; nil where they are not compared as texts.
    var style: NameStyle? {
        switch self {
        case .dns: .host
        case .email: .mailbox
        case .uri: .uri
        case .userPrincipalName: .principal
        case .ip, .other: nil
        }
    }
}

extension PreparedText {
    /// Prepares a text of some style; nil where there is none, it is too long or not well-formed.
    init?(_ text: String?, as style: NameStyle) {
        guard let text, let prepared = PreparedText(text), style.isWellFormed(text) else { return nil }
        self = prepared
    }
}
