import Foundation
import Registry

/// A line of an export of the audit log: a JSON object.
struct AuditLine: Codable {
    /// A place in the audit log.
    struct Link: Codable {
        var chain: Int64
        var sequence: Int64
        var digest: String

        init(_ link: AuditLink) {
            (self.chain, self.sequence, self.digest) = (link.chain, link.sequence, link.digestText)
        }
    }

    /// Entries that were forgotten.
    struct Gap: Codable {
        var chain: Int64
        var first: Int64
        var last: Int64
        var digest: String
    }

    /// The version of the format; only in the first line.
    var auditLog: Int?
    /// Whether everything is there; only in the first line.
    var isWhole: Bool?
    /// Entries that were forgotten, where the line is about those.
    var forgotten: Gap?
    /// The number of an event that cannot be read, where the line is about one.
    var unreadable: Int64?
    /// The last entry of a chain, where the line is about that.
    var head: Link?

    // An entry.
    var id: Int64?
    var at: Int64?
    var date: String?
    var kind: String?
    var outcome: String?
    var actor: String?
    var via: String?
    var origin: String?
    var profile: String?
    var request: Int64?
    var challenge: Int64?
    var certificate: Int64?
    var clientAddress: String?
    var subject: String?
    var object: String?
    var detail: String?
    var explanation: String?
    var before: String?
    var after: String?
    var chain: Int64?
    var sequence: Int64?
    var digest: String?
}

extension AuditLine {
    init(_ item: AuditItem) {
        switch item {
        case .gap(let gap):
            let digest = AuditLink(chain: gap.chain, sequence: gap.last, digest: gap.digest).digestText
            self.init(
                forgotten: Gap(chain: gap.chain, first: gap.first, last: gap.last, digest: digest))
        case .unreadable(let id): self.init(unreadable: id)
        case .entry(let event):
            self.init(
                id: event.id, at: event.milliseconds, date: event.dateText, kind: event.kindName,
                outcome: event.kind?.outcome.rawValue, actor: event.actor, via: event.via, origin: event.origin,
                profile: event.profile, request: event.request, challenge: event.challenge,
                certificate: event.certificate, clientAddress: event.clientAddress, subject: event.subject,
                object: event.object, detail: event.detail, explanation: event.explanation, before: event.before,
                after: event.after, chain: event.link?.chain, sequence: event.link?.sequence,
                digest: event.link?.digestText)
        }
    }

    /// The line, with its end.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    /// What the line says; nil where it is no entry, no gap and nothing unreadable, or lacks something.
    var item: AuditItem? {
        if let unreadable { return .unreadable(event: unreadable) }
        if let forgotten {
            guard let digest = AuditLink.digest(forgotten.digest) else { return nil }
            return .gap(
                AuditGap(chain: forgotten.chain, first: forgotten.first, last: forgotten.last, digest: digest))
        }
        guard let id, let at, let kind, let actor, let detail, let explanation else { return nil }
        var link: AuditLink?
        if let chain, let sequence, let digest = self.digest.flatMap(AuditLink.digest) {
            link = AuditLink(chain: chain, sequence: sequence, digest: digest)
        }
        let event = EventRecord(
            id: id, milliseconds: at, kindName: kind, actor: actor, via: self.via, origin: self.origin,
            profile: self.profile, request: self.request, challenge: self.challenge, certificate: self.certificate,
            clientAddress: self.clientAddress, subject: self.subject, object: self.object, detail: detail,
            explanation: explanation, before: self.before, after: self.after, link: link)
        // Both follow from what the digest covers; they are for people, who would believe them. A newer version may know
        // the outcome of a kind that this one does not.
        guard self.date == event.dateText, event.kind == nil || self.outcome == event.kind?.outcome.rawValue
        else {
            return .unreadable(event: id)
        }
        return .entry(event)
    }
}
