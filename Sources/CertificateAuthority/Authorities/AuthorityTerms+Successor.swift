extension AuthorityTerms {
    /// What the root is to be that follows another one: it may issue what that may, and no more.
    ///
    /// - Parameters:
    ///   - subject: Its subject's Name, encoded.
    ///   - constraints: What the certificate of the one that it follows says.
    ///   - answersSCEP: Whether it answers SCEP requests itself.
    /// - Throws: ``IssuanceError`` with code `authorityTerms` where the name constraints cannot be written again.
    public init(
        subject: [UInt8],
        following constraints: AuthorityConstraints,
        answersSCEP: Bool
    ) throws(IssuanceError) {
        if let names = constraints.nameConstraints, !names.uncheckable.isEmpty {
            throw IssuanceError(
                .authorityTerms,
                "the certificate of the CA \(ReadableText.name(constraints.subject)) has name constraints that are not written "
                    + "here: make the next CA with ucm ca create, and let it follow with ucm ca rollover --to"
            )
        }
        self.init(
            subject: subject,
            pathLength: constraints.pathLength,
            nameConstraints: constraints.nameConstraints,
            extendedKeyUsage: constraints.extendedKeyUsage,
            answersSCEP: answersSCEP
        )
    }
}
