public import CertificateAuthority

/// Which names may be asked for, by a profile's rules or with a challenge that is bound to some.
///
/// A valid challenge must not buy any name (CERT VU#971035). Therefore the SANs are not free where only subjects are
/// constrained: then the one thing that may be asked for is a host that the CN of a subject pattern which matched vouches
/// for.
public struct NameConstraints: Hashable, Sendable {
    /// What the subject has to look like: at least one matches, where there are any.
    public var subjects: [SubjectPattern]
    /// Which SANs there may be: every one matches one of them, where there are any.
    public var alternativeNames: [AlternativeNamePattern]

    /// How many attributes, and how many SANs, are looked at: patterns are compared before anybody is authenticated.
    static let maximumNames = 250

    /// Makes constraints; without patterns all names are free.
    public init(subjects: [SubjectPattern] = [], alternativeNames: [AlternativeNamePattern] = []) {
        self.subjects = subjects
        self.alternativeNames = alternativeNames
    }

    /// What does not fit.
    ///
    /// - Parameter names: What is asked for.
    /// - Returns: A sentence that says which names are not allowed; nil where all are.
    public func violation(by names: RequestedNames) -> String? {
        let findings = self.findings(on: names)
        let failed = [findings.subject, findings.alternativeNames].compactMap { finding in
            finding.flatMap { $0.holds ? nil : $0.detail }
        }
        return failed.isEmpty ? nil : failed.joined(separator: "; ")
    }

    /// What is found out about the names; nil for what is not constrained.
    func findings(on names: RequestedNames) -> (subject: Finding?, alternativeNames: Finding?) {
        guard !self.subjects.isEmpty || !self.alternativeNames.isEmpty else { return (nil, nil) }
        let subject = self.subjects.isEmpty ? nil : self.findSubject(in: names)
        guard names.alternativeNames.count <= Self.maximumNames else {
            let count = names.alternativeNames.count
            let detail = "the request asks for \(count) SANs, but no more than \(Self.maximumNames) are compared"
            return (subject?.finding, Finding(holds: false, detail))
        }
        let asked = names.alternativeNames.map(ComparableAlternativeName.init)
        guard self.alternativeNames.isEmpty else { return (subject?.finding, self.find(asked)) }
        return (subject?.finding, self.find(asked, vouchedForBy: subject?.matched ?? []))
    }

    private func findSubject(in names: RequestedNames) -> (finding: Finding, matched: [SubjectPattern]) {
        guard names.subject.count <= Self.maximumNames else {
            let count = names.subject.count
            let detail = "the subject has \(count) attributes, but no more than \(Self.maximumNames) are compared"
            return (Finding(holds: false, detail), [])
        }
        let subject = ComparableSubject(names.subject)
        let matched = self.subjects.filter { $0.matches(subject) }
        if let first = matched.first { return (Finding(holds: true, "the subject matches \(first)"), matched) }
        let detail: String
        if names.subject.isEmpty {
            detail = "the subject is empty, but has to match \(self.subjects.listed)"
        } else if self.subjects.count == 1, let mismatch = self.subjects[0].mismatch(with: subject) {
            detail = mismatch
        } else {
            detail = "the subject \(names.readableSubject) matches none of the patterns \(self.subjects.listed)"
        }
        return (Finding(holds: false, detail), [])
    }

    /// Each name has to match a pattern.
    private func find(_ asked: [ComparableAlternativeName]) -> Finding {
        let refused = asked.filter { name in !self.alternativeNames.contains { $0.matches(name) } }
        guard !refused.isEmpty else { return Self.allowed(asked) }
        let written = refused.map(\.description).listed
        return Finding(holds: false, "no pattern allows \(written) (there are \(self.alternativeNames.listed))")
    }

    /// Where there are no patterns, a subject pattern has to vouch for each name.
    private func find(_ asked: [ComparableAlternativeName], vouchedForBy matched: [SubjectPattern]) -> Finding {
        let refused = asked.filter { name in
            guard name.kind == .dns, let host = name.text else { return true }
            return !matched.contains { $0.vouches(for: host) }
        }
        guard let first = refused.first else { return Self.allowed(asked) }
        let written = refused.map(\.description).listed
        let addition = first.kind == .dns ? ", and no pattern for the CN that the subject matches does" : ""
        return Finding(holds: false, "no pattern allows \(written)\(addition) (\(Self.advice(for: first.kind)))")
    }

    private static func allowed(_ asked: [ComparableAlternativeName]) -> Finding {
        switch asked.count {
        case 0: Finding(holds: true, "the request asks for no SAN")
        case 1: Finding(holds: true, "\(asked[0].description) is allowed")
        default: Finding(holds: true, "all \(asked.count) SANs are allowed")
        }
    }

    private static func advice(for kind: AlternativeName.Kind) -> String {
        switch kind {
        case .dns: "add one, for example DNS:*.example.com"
        case .email: "add one, for example email:**@example.com"
        case .uri: "add one, for example URI:https://example.com/**"
        case .ip: "add one, for example IP:10.0.0.0/8"
        case .userPrincipalName: "add one, for example UPN:**@example.com"
        case .other: "add *, which alone allows names of this kind, and all others"
        }
    }
}
