/// A SAN that is ready to be compared with patterns.
package struct ComparableAlternativeName {
    package let kind: AlternativeName.Kind
    /// The name as it is compared; nil where only a pattern for all names may match it.
    package let text: PreparedText?
    /// The address, of an IP.
    package let address: IPAddress?
    /// The name as people read it.
    package let description: String

    package init(_ name: AlternativeName) {
        self.kind = name.kind
        self.description = name.description
        self.address = name.kind == .ip ? name.text.flatMap { IPAddress($0) } : nil
        self.text = name.kind.style.flatMap { PreparedText(name.text, as: $0) }
    }
}

extension AlternativeName.Kind {
    /// What the names of this kind are like; nil where they are not compared as texts.
    package var style: NameStyle? {
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
    package init?(_ text: String?, as style: NameStyle) {
        guard let text, let prepared = PreparedText(text), style.isWellFormed(text) else { return nil }
        self = prepared
    }
}
