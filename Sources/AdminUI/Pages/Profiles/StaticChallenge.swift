import AdministrationAPI

/// The static challenge of a profile: whether there is one, another one, and none.
enum StaticChallenge {
    static func panel(_ profile: JSONValue, _ context: PageContext, _ outcome: FormOutcome) -> HTML {
        let name = profile.word("name")
        let count = profile.count("staticChallenges")
        let state: HTML =
            switch count {
            case 0: "There is none: each device needs a challenge of its own, or another credential."
            case 1: "There is one. It is kept in no form that could be read; whoever has lost it needs another one."
            default: "There are \(count). They are kept in no form that could be read."
            }
        let list = Link.to("/challenges", [(name: "profile", value: name)])
        return .panel(
            "Static challenge",
            actions: context.may("challenges:read") ? .button("Challenges", to: list, style: "small") : .nothing,
            .body(
                [
                    .element("p", state),
                    context.may("profiles:write") ? Self.forms(name, count, context, outcome.faults) : .nothing,
                ]))
    }

    private static func forms(
        _ name: String,
        _ count: Int,
        _ context: PageContext,
        _ faults: [String: String]
    ) -> HTML {
        let field = FormField(
            "challenge", count == 0 ? "Challenge" : "Another in its place",
            hint: "Empty: one is generated, and shown once.", faults: faults
        ).input(autocomplete: "off")
        guard count > 0 else {
            return .form(
                to: Link.to("/profiles", name, "/challenge"), by: context.visitor,
                [field, .submit("Set the challenge", style: "")])
        }
        return .form(
            to: Link.to("/profiles", name, "/challenge"), by: context.visitor,
            question: "Devices that have the one so far cannot enrol with it any more. Replace it?",
            [
                field,
                .element(
                    "div", ["class": "buttons"],
                    [
                        .submit("Replace the challenge", style: ""),
                        .submit(
                            "Have no static challenge", style: "danger",
                            to: Link.to("/profiles", name, "/challenge/remove"),
                            question: "Devices that have it cannot enrol with it any more. Revoke it?"),
                    ]),
            ])
    }

    static func replace(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        var body: JSONValue = [:]
        if let challenge = context.form["challenge"] { body.append("challenge", .string(challenge)) }
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("PUT", ["profiles", name, "challenge"], body: body))
            return await ProfilePages.made(name, challenge: made.value["challenge"]?.text, context)
        } catch {
            return try await Self.refused(error, context)
        }
    }

    static func remove(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("DELETE", ["profiles", name, "challenge"]))
        } catch {
            return try await Self.refused(error, context)
        }
        return .go(Link.to("/profiles/\(APIPath.escaped(name))", [(name: "done", value: "challenges-removed")]))
    }

    /// The page again; the settings on it are as they are stored, because another form was sent.
    private static func refused(_ refusal: APIRefusal, _ context: PageContext) async throws -> PageResponse {
        var outcome = try FormOutcome(refusal)
        outcome.keepsWhatWasTyped = false
        return try await ProfilePage.page(context, after: outcome)
    }
}
