import Enrollment
import Foundation
import Registry

/// What was decided, in the API.
enum EventFields {
    static let shown = FieldSet<EventRecord>([
        .answered("id", .number, "Its number.", example: 4711) { $0.id },
        .answered("at", .date, "When it happened.") { $0.date },
        .answered("kind", .anyText, "What sort of decision.", example: "approved") { $0.kindName },
        .answered("actor", .anyText, "Who caused it.", example: "alice") { $0.actor },
        .answered("profile", .optional(.anyText), "The profile.") { $0.profile },
        .answered("request", .optional(.number), "The request.") { $0.request },
        .answered("challenge", .optional(.number), "The challenge.") { $0.challenge },
        .answered("certificate", .optional(.number), "The certificate, by its number in the registry.") {
            $0.certificate
        },
        .answered("address", .optional(.anyText), "From where it came.") { $0.clientAddress },
        .answered("subject", .optional(.anyText), "The subject that it is about.") { $0.subject },
        .answered("detail", .anyText, "What else is to be said.") { $0.detail },
    ])
}
