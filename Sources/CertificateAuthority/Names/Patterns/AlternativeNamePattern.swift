/// Which SANs may be asked for: a kind, a colon and a pattern, or `*` alone for every name of any kind.
///
/// - `DNS:*.example.com`: hosts right under example.com; `DNS:**.example.com` those below as well. `*` never stands for
///   a dot, and neither wildcard for an asterisk: `DNS:\*.example.com` is the name of a certificate for many hosts.
/// - `email:**@example.com`: every address there; `email:*@example.com` only those without a dot before the @. An address
///   has exactly one @ and no quotes, or matches nothing.
/// - `UPN:**@example.com`: the same for the names of users in a Windows domain.
/// - `URI:https://*.example.com/**`: the scheme has to be said. `*` stands for no dot, and neither for a separator
///   (`/ ? # @ : %`); `**` stays within the host where it stands in it.
/// - `IP:10.0.0.0/8`: an ``AddressRange``.
public struct AlternativeNamePattern: PolicyNotation {
    private enum Form: Hashable, Sendable {
        case everything
        case name(AlternativeName.Kind, NamePattern)
        case addresses(AddressRange)
    }

    private let form: Form

    /// Reads a pattern.
    ///
    /// - Parameter text: What somebody wrote.
    /// - Throws: ``PolicySyntaxError``.
    public init(parsing text: String) throws(PolicySyntaxError) {
        guard text != "*" else {
            self.form = .everything
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let written = parts.first?.lowercased()
        let kind = AlternativeName.Kind.allCases.first { $0 != .other && $0.rawValue.lowercased() == written }
        guard let kind, parts.count == 2 else {
            throw PolicySyntaxError(
                text,
                at: 0,
                "the kind of name is missing; write DNS:*.example.com, email:**@example.com, UPN:**@example.com, "
                    + "URI:https://example.com/**, IP:10.0.0.0/8, or * alone for all names"
            )
        }
        do throws(PolicySyntaxError) {
            let pattern = String(parts[1])
            self.form =
                if let style = kind.style {
                    .name(kind, try NamePattern(parsing: pattern, as: style))
                } else {
                    .addresses(try AddressRange(parsing: pattern))
                }
        } catch {
            throw error.moved(into: text, by: parts[0].count + 1)
        }
    }

    /// The pattern, its kind as it is usually written.
    public var description: String {
        switch self.form {
        case .everything: "*"
        case .name(let kind, let pattern): "\(kind.rawValue):\(pattern)"
        case .addresses(let range): "\(AlternativeName.Kind.ip.rawValue):\(range)"
        }
    }

    /// Whether a name matches.
    public func matches(_ name: AlternativeName) -> Bool { self.matches(ComparableAlternativeName(name)) }

    package func matches(_ name: ComparableAlternativeName) -> Bool {
        switch self.form {
        case .everything: true
        case .name(let kind, let pattern): name.kind == kind && (name.text.map(pattern.matches) ?? false)
        case .addresses(let range): name.address.map(range.contains) ?? false
        }
    }
}
