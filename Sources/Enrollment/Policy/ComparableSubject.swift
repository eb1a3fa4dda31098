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
