import CertificateAuthority
public import CryptographicMessageSyntax

/// What a profile decides about requests: its rules, and the settings that they depend on.
public struct ApprovalPolicy: Sendable {
    /// The profile's name, for sentences.
    public var profile: String
    /// Whether the profile is open to everybody.
    public var isOpen: Bool
    /// Whether somebody has to approve every enrolment.
    public var requiresApproval: Bool
    /// The rules.
    public var rules: ApprovalRules

    /// Makes a policy.
    public init(profile: String, isOpen: Bool, requiresApproval: Bool, rules: ApprovalRules) {
        self.profile = profile
        self.isOpen = isOpen
        self.requiresApproval = requiresApproval
        self.rules = rules
    }

    /// Decides about an enrolment.
    ///
    /// All rules that there are have their verdict, also behind one that failed, so that everything that is wrong is seen
    /// at once.
    ///
    /// - Parameter question: The request.
    /// - Returns: The decision, and why.
    public func explain(_ question: PolicyQuestion) -> Explanation {
        let credentials = self.credentials(of: question)
        let constraints = self.constraints(on: question)
        var verdicts = credentials + constraints
        let waits = "the profile \(self.profile) asks for approval of every request"
        if self.requiresApproval { verdicts.append(.init(.approval, .fails, waits)) }
        let decision: Explanation.Decision =
            if credentials.failures != nil, case .invalid(let reason) = question.challenge {
                // Whoever has a challenge that is wrong is not let in by waiting: that would be one more guess.
                .refuse(ground: .credential, reason: reason)
            } else if let lack = credentials.failures {
                self.otherwise(.credential, lack)
            } else if let violation = constraints.failures {
                self.otherwise(.constraint, violation)
            } else if self.requiresApproval {
                .queue(reason: waits)
            } else {
                .grant
            }
        return Explanation(verdicts: verdicts, decision: decision)
    }

    /// Decides about a renewal, which the certificate that signed authorizes.
    ///
    /// Its names were granted before, so that patterns do not apply, and nobody has to approve it. The key is a new one.
    ///
    /// - Parameters:
    ///   - certificate: The serial number of the certificate, readable.
    ///   - challenge: What was found out about the challenge; nil where renewals need none.
    ///   - key: The key that is to be certified.
    /// - Returns: The decision, and why.
    public func explainRenewal(
        certificate: String,
        challenge: ChallengeVerdict? = nil,
        key: SubjectPublicKeyInfo
    ) -> Explanation {
        let signer = Explanation.Verdict(.certificate, .holds, "the certificate \(certificate) signed the request")
        let credentials = [signer] + (challenge.map { [self.verdict(on: $0)] } ?? [])
        let constraints = self.verdict(on: key).map { [$0] } ?? []
        let decision: Explanation.Decision =
            if let lack = credentials.failures {
                .refuse(ground: .credential, reason: lack)
            } else if let violation = constraints.failures {
                .refuse(ground: .constraint, reason: violation)
            } else {
                .grant
            }
        return Explanation(verdicts: credentials + constraints, decision: decision)
    }

    private func otherwise(_ ground: Explanation.Ground, _ reason: String) -> Explanation.Decision {
        switch self.rules.otherwise {
        case .queue: .queue(reason: reason)
        case .refuse: .refuse(ground: ground, reason: reason)
        }
    }
}

extension ApprovalPolicy {
    /// What the credentials say; where one is enough, the others are not needed.
    private func credentials(of question: PolicyQuestion) -> [Explanation.Verdict] {
        guard !self.isOpen else { return [.init(.open, .holds, "the profile \(self.profile) is open to everybody")] }
        var verdicts = [self.verdict(on: question.challenge)]
        if !self.rules.addressRanges.isEmpty {
            let constraint = AddressConstraint(ranges: self.rules.addressRanges, owner: "the profile's")
            verdicts.append(.init(.address, constraint.finding(on: question.client)))
        }
        guard self.rules.combination == .any, verdicts.contains(where: { $0.outcome == .holds }) else {
            return verdicts
        }
        return verdicts.map { $0.outcome == .fails ? .init($0.rule, .notNeeded, $0.detail) : $0 }
    }

    private func constraints(on question: PolicyQuestion) -> [Explanation.Verdict] {
        let findings = self.rules.names.findings(on: question.names)
        return [
            findings.subject.map { .init(.subject, $0) },
            findings.alternativeNames.map { .init(.alternativeNames, $0) },
            self.verdict(on: question.key),
        ].compactMap { $0 }
    }

    private func verdict(on challenge: ChallengeVerdict) -> Explanation.Verdict {
        switch challenge {
        case .missing:
            .init(
                .challenge,
                .fails,
                "the request has no challenge, which the profile \(self.profile) asks for: set it on the device"
            )
        case .valid(let which): .init(.challenge, .holds, "valid: \(which)")
        case .invalid(let reason): .init(.challenge, .fails, reason)
        }
    }

    /// What the rules say about a key; nil where they say nothing.
    private func verdict(on key: SubjectPublicKeyInfo) -> Explanation.Verdict? {
        guard !self.rules.keys.isEmpty else { return nil }
        let kind = key.sentence
        guard let requirement = self.rules.keys.first(where: { $0.allows(key) }) else {
            return .init(
                .key,
                .fails,
                "\(kind) is none of those that the profile \(self.profile) takes (\(self.rules.keys.listed)): let the "
                    + "device make another one"
            )
        }
        return .init(.key, .holds, "\(kind) is allowed by \(requirement)")
    }
}

extension Explanation.Verdict {
    fileprivate init(_ rule: Explanation.Rule, _ finding: Finding) {
        self.init(rule, finding.holds ? .holds : .fails, finding.detail)
    }
}

extension [Explanation.Verdict] {
    /// What fails, in one sentence; nil where nothing does.
    fileprivate var failures: String? {
        let failed = self.filter { $0.outcome == .fails }
        return failed.isEmpty ? nil : failed.map(\.detail).joined(separator: "; and ")
    }
}

extension SubjectPublicKeyInfo {
    /// What sort of key it is, for a sentence.
    fileprivate var sentence: String {
        switch self.kind {
        case .rsa(let bits, _): "an RSA key of \(bits) bits"
        case .ellipticCurve(let name):
            if let curve = self.curve {
                "a key on \(curve.rawValue)"
            } else {
                "a key on \(name.map { "the curve \($0)" } ?? "a curve without name")"
            }
        case .other(let algorithm): "a key for the algorithm \(algorithm)"
        }
    }
}
