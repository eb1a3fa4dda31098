import AdministrationAPI
import CertificateAuthority
import Enrollment
import Foundation
import Registry

/// Challenges in the API.
enum ChallengeFields {
    static let binding: [Field<ChallengeBinding>] = [
        Field(
            "subjects", \.subjects, .list(of: .notation("A pattern: CN=*.example.com, O=Example."), 0...200),
            "What the subject has to look like; anything where there are none."),
        Field(
            "sans", \.alternativeNames, .list(of: .notation("A pattern: DNS:*.example.com."), 0...200),
            "Which SANs there may be; without any, those for which the subject vouches."),
        Field(
            "addresses", \.addressRanges,
            .list(of: .notation("An address or a range of them: 10.0.0.0/8."), 0...200),
            "From where the request has to come; anywhere where there are none."),
        Field(
            "template", \.template, .optional(.text(1...100)), "The template that is used; null for the profile's."),
    ]

    private static let order: [Field<ChallengeOrder>] = [
        Field("profile", \.profile, .text(1...40), "The profile in which it is valid.", example: "default").required,
        Field("label", \.label, .text(0...200), "What it is for, in a word."),
        Field("device", \.device, .optional(.text(1...200)), "The device that it is for."),
        Field("user", \.user, .optional(.text(1...200)), "The user that it is for."),
        Field(
            "uses", \.uses, .optional(.integer(1...1_000_000)),
            "For how many certificates; null for a static one. 1 where nothing is said."),
        Field(
            "expiresAt", \.expiresAt, .optional(.date),
            "When it ends; null for never. In an hour where nothing is said."),
        Field("secret", \.secret, .optional(.text(1...255)), "The secret; nothing for one that is generated."),
        Field("binding", \.binding, FieldSet(Self.binding)),
    ]

    /// What is sent to make one.
    static let new = FieldSet(Self.order)

    /// What is answered of one that is recorded.
    static let shown = FieldSet<ChallengeRecord>([
        .answered("id", .number, "Its number.", example: 17) { $0.id },
        .answered("profile", .anyText, "The profile.") { $0.challenge.profile },
        .answered("state", .choice, "What it is good for now.") { $0.state(at: Date()) },
        .answered("label", .anyText, "What it is for.") { $0.challenge.label },
        .answered("device", .optional(.anyText), "The device that it is for.") { $0.challenge.device },
        .answered("user", .optional(.anyText), "The user that it is for.") { $0.challenge.user },
        .answered("maximumUses", .optional(.integer(1...Int.max)), "For how many certificates; null for a static one.")
        {
            $0.challenge.maximumUses
        },
        .answered("uses", .integer(0...Int.max), "How many certificates were issued for it.") { $0.uses },
        .answered("reserved", .integer(0...Int.max), "How many requests wait with it.") { $0.reserved },
        .answered("binding", FieldSet(Self.binding), "What it is bound to; null where this version cannot read it.") {
            try? ChallengeBinding(json: $0.challenge.binding)
        },
        .answered("createdAt", .date, "When it was made.") { $0.createdAt },
        .answered("createdBy", .anyText, "Who made it.") { $0.createdBy },
        .answered("expiresAt", .optional(.date), "When it ends.") { $0.challenge.expiresAt },
        .answered("lastUsedAt", .optional(.date), "When a certificate was last issued for it.") { $0.lastUse?.date },
        .answered("lastUsedFrom", .optional(.anyText), "From where that one was asked for.") { $0.lastUse?.address },
        .answered("revokedAt", .optional(.date), "Since when it is revoked.") { $0.revocation?.date },
        .answered("revokedBy", .optional(.anyText), "Who revoked it.") { $0.revocation?.decider },
    ])

    /// What is answered of one that was just made.
    static let made = FieldSet<MadeChallenge>([
        .answered("id", .number, "Its number.", example: 17) { $0.id },
        .answered("secret", .anyText, "The secret, shown only now.", example: "k7xpm-3vq9d-aw2nh-uc5te") { $0.secret },
        .answered("profile", .anyText, "The profile.") { $0.order.profile },
        .answered("label", .anyText, "What it is for.") { $0.order.label },
        .answered("device", .optional(.anyText), "The device that it is for.") { $0.order.device },
        .answered("user", .optional(.anyText), "The user that it is for.") { $0.order.user },
        .answered("maximumUses", .optional(.integer(1...Int.max)), "For how many certificates.") { $0.order.uses },
        .answered("expiresAt", .optional(.date), "When it ends.") { $0.order.expiresAt },
    ])
}
