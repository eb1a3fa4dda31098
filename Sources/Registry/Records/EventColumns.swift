import Foundation

extension EventRecord {
    /// The columns that an entry's digest covers, in its order, which never changes; new ones come last.
    static let content = """
        at, kind, actor, via, origin, profile, request_id, challenge_id, certificate_id, client_address, subject, object,
        detail, explanation, state_before, state_after
        """

    /// The columns of a record, in the order in which it is read.
    static let columns = "id, \(Self.content), chain, sequence, digest"

    /// Whether an event is a decision on a certificate; there is an index of those, which these words have to match.
    static let isOfCertificate = "kind IN ('certificateIssued', 'certificateRevoked', 'certificateReleased')"

    init(_ row: any SQLCurrentRow) throws(RegistryError) {
        let chain = try row.integerIfPresent(17)
        let sequence = try row.integerIfPresent(18)
        let digest = try row.bytesIfPresent(19)
        var link: AuditLink?
        if let chain, let sequence, let digest { link = AuditLink(chain: chain, sequence: sequence, digest: digest) }
        self.init(
            id: try row.integer(0),
            milliseconds: try row.integer(1),
            kindName: try row.text(2),
            actor: try row.text(3),
            via: try row.textIfPresent(4),
            origin: try row.textIfPresent(5),
            profile: try row.textIfPresent(6),
            request: try row.integerIfPresent(7),
            challenge: try row.integerIfPresent(8),
            certificate: try row.integerIfPresent(9),
            clientAddress: try row.textIfPresent(10),
            subject: try row.textIfPresent(11),
            object: try row.textIfPresent(12),
            detail: try row.text(13),
            explanation: try row.text(14),
            before: try row.textIfPresent(15),
            after: try row.textIfPresent(16),
            link: link
        )
    }

    /// What its digest covers, in the order of ``content``.
    var contentValues: [SQLValue] {
        [
            .integer(self.milliseconds), .text(self.kindName), .text(self.actor), .text(ifPresent: self.via),
            .text(ifPresent: self.origin), .text(ifPresent: self.profile), .integer(ifPresent: self.request),
            .integer(ifPresent: self.challenge), .integer(ifPresent: self.certificate),
            .text(ifPresent: self.clientAddress), .text(ifPresent: self.subject), .text(ifPresent: self.object),
            .text(self.detail), .text(self.explanation), .text(ifPresent: self.before), .text(ifPresent: self.after),
        ]
    }
}

extension NewEvent {
    /// What is stored, in the order of ``EventRecord/content``: cut where it has more bytes than anybody reads.
    func contentValues(at now: Date) -> [SQLValue] {
        [
            .date(now), .text(self.kind.rawValue), .decider(self.actor),
            self.actor.means.map { .text($0, atMost: 200) } ?? .null, self.actor.address.map(SQLValue.address) ?? .null,
            .text(ifPresent: self.profile), .integer(ifPresent: self.request), .integer(ifPresent: self.challenge),
            .integer(ifPresent: self.certificate), self.clientAddress.map(SQLValue.address) ?? .null,
            self.subject.map(SQLValue.subject) ?? .null, self.object.map { .text($0, atMost: 500) } ?? .null,
            .text(self.detail, atMost: 10_000), .text(self.explanation, atMost: 20_000),
            self.before.map { .text($0.stored) } ?? .null, self.after.map { .text($0.stored) } ?? .null,
        ]
    }
}
