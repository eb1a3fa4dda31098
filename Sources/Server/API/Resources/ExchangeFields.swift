import AdministrationAPI
import Foundation
import Registry

/// The exchange log and timelines in the API.
enum ExchangeFields {
    /// The algorithms that a client used.
    private static let algorithms = FieldSet<NewExchange>([
        .answered("signature", .optional(.anyText), "By which kind of signature it signed.", example: "RSA") {
            $0.signature
        },
        .answered("digest", .optional(.anyText), "The digest.", example: "SHA-256") { $0.digest },
        .answered("cipher", .optional(.anyText), "How it encrypted.", example: "AES-128") { $0.cipher },
    ])

    /// What is answered in lists.
    static let shown = FieldSet<ExchangeDescription>([
        .answered("id", .number, "Its number.", example: 4711) { $0.record.id },
        .answered("at", .date, "When the request came.") { $0.record.exchange.date },
        .answered("profile", .optional(.anyText), "The profile; null where there is none at the path.") {
            $0.record.exchange.profile
        },
        .answered("address", .anyText, "From where it came.") { $0.record.exchange.clientAddress },
        .answered("operation", .choice, "What was asked for.") { $0.record.exchange.operation },
        .answered("messageType", .optional(.anyText), "The messageType.", example: "PKCSReq") {
            $0.record.exchange.messageType
        },
        .answered("transactionID", .optional(.anyText), "The transactionID.") { $0.record.exchange.transactionID },
        .answered("subject", .optional(.anyText), "The subject that was asked for.", example: "CN=pump-4") {
            $0.record.exchange.subject
        },
        .answered("request", .optional(.number), "The request.") { $0.record.exchange.request },
        .answered("serialNumber", .optional(.anyText), "The serial number of the certificate that was issued.") {
            $0.record.exchange.serialNumber
        },
        .answered("outcome", .choice, "How it ended.") { $0.record.exchange.outcome },
        .answered("failInfo", .optional(.anyText), "What the client was told.", example: "badRequest") {
            $0.record.exchange.failInfo
        },
        .answered("reason", .optional(.anyText), "What was found when it failed.") { $0.record.exchange.reason },
        .answered("failure", .optional(.anyText), "Why it failed, in a word.", example: "challengeWrong") {
            $0.record.exchange.cause
        },
        .answered("cause", .optional(.anyText), "Why it failed, in a sentence.") { $0.advice?.cause },
        .answered("cure", .optional(.anyText), "What to do about it, in a sentence.") { $0.advice?.cure },
        .answered("algorithms", Self.algorithms, "What the client used; null where it sent no pkiMessage.") {
            $0.record.exchange.messageType == nil ? nil : $0.record.exchange
        },
        .answered("status", .integer(100...599), "The HTTP status.", example: 200) { $0.record.exchange.status },
        .answered("milliseconds", .integer(0...Int.max), "How long it took.") { $0.record.exchange.milliseconds },
        .answered(
            "count", .integer(1...Int.max),
            "For how many it stands: more than 1 where further ones of its address in the same minute were only counted."
        ) { $0.record.exchange.occurrences },
    ])

    /// What happened to a request.
    static let timeline = FieldSet<TimelineItem>([
        .answered("at", .date, "When it happened.") { $0.date },
        .answered("kind", .choice, "Whether its device asked something, or something was decided.") { $0.kind },
        .answered("title", .anyText, "What happened.", example: "PKCSReq: PENDING") { $0.title },
        .answered("detail", .optional(.anyText), "What else is to be said.") { $0.detail },
        .answered("outcome", .optional(.anyText), "How it ended.", example: "pending") { $0.outcome },
        .answered("cause", .optional(.anyText), "Why it failed, in a sentence.") { $0.exchange?.advice?.cause },
        .answered("cure", .optional(.anyText), "What to do about it, in a sentence.") { $0.exchange?.advice?.cure },
        .answered("algorithms", Self.algorithms, "What the client used; null where it sent no pkiMessage.") {
            $0.exchange.flatMap { $0.record.exchange.messageType == nil ? nil : $0.record.exchange }
        },
        .answered("exchange", Self.shown, "The exchange; null for an event.") { $0.exchange },
        .answered("event", EventFields.brief, "The event; null for an exchange.") { $0.event },
    ])
}

extension TimelineItem {
    fileprivate var exchange: ExchangeDescription? {
        if case .exchange(let description) = self.content { description } else { nil }
    }

    fileprivate var event: EventRecord? {
        if case .event(let event) = self.content { event } else { nil }
    }
}
