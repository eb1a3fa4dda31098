import CryptographicMessageSyntax
import SwiftASN1

/// The names that a CA may certify.
///
/// ```
/// NameConstraints ::= SEQUENCE {
///     permittedSubtrees  [0] GeneralSubtrees OPTIONAL,
///     excludedSubtrees   [1] GeneralSubtrees OPTIONAL }
///
/// GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
/// ```
/// RFC 5280 §4.2.1.10. A name has to be in one of the permitted subtrees of its kind, where there are any, and in none of
/// the excluded ones.
public struct AuthorityNameConstraints: Hashable, Sendable {
    /// Where names may be.
    public var permitted: [NameSubtree]
    /// Where names may not be, whatever is permitted.
    public var excluded: [NameSubtree]
    /// Kinds of names for which a certificate has constraints that nothing can be compared with.
    private(set) var uncheckable: Set<GeneralNameKind> = []

    /// Makes constraints.
    public init(permitted: [NameSubtree] = [], excluded: [NameSubtree] = []) {
        self.permitted = permitted
        self.excluded = excluded
    }

    /// What is wrong with constraints that are to be written, as a sentence; nil where nothing is.
    var flaw: String? {
        if self.permitted.isEmpty, self.excluded.isEmpty { return "the name constraints permit and exclude nothing" }
        let all = self.permitted + self.excluded
        if all.count > Self.maximumSubtrees { return "there are more than \(Self.maximumSubtrees) name constraints" }
        var seen: Set<NameSubtree> = []
        return all.first { !seen.insert($0).inserted }.map { "the name constraint \($0) is there twice" }
    }

    /// How many subtrees there can be; verifiers compare each with each name.
    static let maximumSubtrees = 500
}

extension AuthorityNameConstraints: StoredSettings {
    private enum CodingKeys: String, CodingKey {
        case permitted, excluded
    }

    /// Reads stored constraints.
    ///
    /// - Throws: `DecodingError` or ``PolicySyntaxError`` where they say something that this version does not know.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try values.update(&self.permitted, .permitted)
        try values.update(&self.excluded, .excluded)
    }
}

extension AuthorityNameConstraints {
    /// Reads the value of the extension.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    init(value: [UInt8]) throws(CMSError) {
        self.init()
        let (permitted, excluded) = try decodeBER(value[...], as: "nameConstraints") { root in
            var nodes = try root.children(tagged: .sequence, of: "nameConstraints")
            let permitted = nodes.next(tagged: .context(0))
            let excluded = nodes.next(tagged: .context(1))
            guard nodes.next() == nil else { throw CMSError(.malformed, "unexpected fields in nameConstraints") }
            return (
                try permitted.map { try Self.subtrees($0.children(tagged: .context(0), of: "permittedSubtrees")) },
                try excluded.map { try Self.subtrees($0.children(tagged: .context(1), of: "excludedSubtrees")) }
            )
        }
        for (subtree, kind) in permitted ?? [] { self.add(subtree, kind, to: \.permitted) }
        for (subtree, kind) in excluded ?? [] { self.add(subtree, kind, to: \.excluded) }
    }

    private mutating func add(
        _ subtree: NameSubtree?,
        _ kind: GeneralNameKind,
        to list: WritableKeyPath<AuthorityNameConstraints, [NameSubtree]>
    ) {
        if let subtree { self[keyPath: list].append(subtree) } else { self.uncheckable.insert(kind) }
    }

    private static func subtrees(
        _ nodes: ASN1NodeCollection.Iterator
    ) throws(CMSError) -> [(NameSubtree?, GeneralNameKind)] {
        var subtrees: [(NameSubtree?, GeneralNameKind)] = []
        for node in IteratorSequence(nodes) {
            var fields = try node.children(tagged: .sequence, of: "GeneralSubtree")
            let base = try fields.require("base")
            guard base.identifier.tagClass == .contextSpecific,
                let kind = GeneralNameKind(rawValue: base.identifier.tagNumber)
            else { throw CMSError(.malformed, "the base of a subtree has tag \(base.identifier)") }
            let subtree = try NameSubtree(base: base)
            // "the minimum MUST be zero, and maximum MUST be absent": anything else means nothing that is known.
            subtrees.append((fields.next() == nil ? subtree : nil, kind))
        }
        guard !subtrees.isEmpty else { throw CMSError(.malformed, "an empty list of subtrees") }
        return subtrees
    }

    /// The extension, critical: "Conforming CAs MUST mark this extension as critical".
    var certificateExtension: CertificateExtension {
        let value = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for (number, subtrees) in [self.permitted, self.excluded].enumerated() where !subtrees.isEmpty {
                    coder.appendConstructed(.context(UInt8(number))) { coder in
                        for subtree in subtrees { subtree.serialize(into: &coder) }
                    }
                }
            }
        }
        return CertificateExtension(.Extension.nameConstraints, isCritical: true, value: value)
    }
}

extension AuthorityNameConstraints {
    /// Why a name may not be certified, as the rest of a sentence; nil where it may.
    func violation(by name: ConstrainedName) -> String? {
        guard !self.uncheckable.contains(name.kind) else {
            return "is of a kind for which the CA's certificate has name constraints that nothing can be compared with"
        }
        for subtree in self.excluded where subtree.kind == name.kind {
            switch subtree.contains(name, isExclusion: true) {
            case nil: return "cannot be compared with the CA's name constraint that excludes \(subtree)"
            case true?: return "is excluded by the CA's name constraint \(subtree)"
            case false?: continue
            }
        }
        let permitted = self.permitted.filter { $0.kind == name.kind }
        guard !permitted.isEmpty, !permitted.contains(where: { $0.contains(name, isExclusion: false) == true }) else {
            return nil
        }
        let listed = permitted.prefix(5).map(\.description).joined(separator: "; ")
        return "is not in what the CA's name constraints permit (\(listed)\(permitted.count > 5 ? " and others" : ""))"
    }
}
