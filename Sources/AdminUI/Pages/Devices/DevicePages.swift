import AdministrationAPI
import Foundation

/// What a device has to be given to enrol: the URL, the fingerprint, a challenge, and lines to be copied.
enum DevicePages {
    static let routes: [PageRoute] = [
        .page("/devices", "profiles:read", Self.list),
        .page("/devices/{profile}", "profiles:read") { try await Self.page($0) },
        .form("/devices/{profile}", "challenges:write", Self.make),
    ]

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let found = try await context.api.get(
            "profiles", query: [("after", context.query["after"]), ("limit", "100")]
        ).value
        let table = Table(
            caption: "Profiles by which devices can enrol",
            columns: [
                .init("Profile", "name", isLabelled: false), .init("SCEP URL", "mono"), .init("CA"),
                .init("Requests", "state"),
            ],
            rows: found.list("items").map { profile in
                let address = Link.to("/devices", profile.word("name"))
                return Table.Row(
                    address: address,
                    cells: [
                        .link(address, HTML(profile.word("name"))), HTML(context.request.scepURL(profile.word("path"))),
                        HTML(profile.word("ca")), ProfilePages.badge(profile),
                    ])
            })
        return await Shell(
            "Devices to set up", at: .devices,
            lead: "Choose the profile by which a device is to enrol: its page has all that the device needs."
        ).page(
            context,
            Listing(
                path: "/devices", query: context.query, table: table,
                empty: ("No profile", "Without one no device can enrol."), next: found["next"]?.text
            ).html)
    }

    // What was made is shown once: the challenge, and for which device.
    private static func page(
        _ context: PageContext,
        made: (device: String, secret: String)? = nil,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let profile = try await context.api.get("profiles", context.parameter("profile")).value
        let authority = profile["ca"]?.text
        let seesAuthority = context.may("authorities:read")
        let certificate =
            if seesAuthority, let authority { try await context.api.get("cas", authority).value } else {
                JSONValue.null
            }
        let order = SetupLines(
            url: context.request.scepURL(profile.word("path")),
            fingerprint: certificate["fingerprint"]?.text,
            device: made?.device ?? "device-1",
            secret: made?.secret,
            isOpen: profile.isTrue("open"),
            level: profile.word("algorithmLevel"))
        let name = profile.word("name")
        return await Shell(
            name, at: .devices, crumbs: [("Devices to set up", Link.to("/devices"))],
            mark: ProfilePages.badge(profile),
            actions: context.may("requests:read")
                ? .button("What its devices ask", to: Link.to("/log", [(name: "profile", value: name)])) : .nothing
        ).page(
            context, status: outcome.status,
            [
                outcome.notice,
                made == nil
                    ? .nothing
                    : .notice(
                        .wait,
                        .element(
                            "p", "The challenge is shown only now, and is good for one certificate within a week.")),
                .element(
                    "div", ["class": "columns"],
                    [
                        .panel("What the device needs", .body(order.needs)),
                        made == nil ? Self.challenge(profile, context, outcome.faults) : .nothing,
                    ]),
                order.commands,
            ])
    }

    private static func challenge(_ profile: JSONValue, _ context: PageContext, _ faults: [String: String]) -> HTML {
        let name = profile.word("name")
        guard !profile.isTrue("open") else {
            return .panel(
                "Challenge",
                .body(.element("p", "None: the profile is open. Whoever reaches the URL gets a certificate.")))
        }
        guard context.may("challenges:write") else {
            return .panel(
                "Challenge", .body(.element("p", "Whoever may make challenges gives you one for the device.")))
        }
        return .panel(
            "Challenge",
            .body(
                .form(
                    to: Link.to("/devices", name), by: context.visitor,
                    [
                        .element(
                            "p",
                            "A challenge of its own for one device, good for one certificate within a week; it is put into all the lines below."
                        ),
                        FormField(
                            "device", "Device", hint: "Its name; it becomes the CN below.", faults: faults,
                            isRequired: true
                        )
                        .input(value: context.form["device"], placeholder: "pump-4"),
                        .submit("Make a challenge for it"),
                        profile.count("staticChallenges") > 0
                            ? .element(
                                "p", ["class": "soft"],
                                "The profile has a static challenge too, which was shown when it was made.")
                            : .nothing,
                    ])))
    }

    private static func make(_ context: PageContext) async throws -> PageResponse {
        let device = context.form["device"] ?? ""
        guard !device.isEmpty else {
            return try await Self.page(context, after: FormOutcome("device", "Say for which device it is."))
        }
        let week = context.now.addingTimeInterval(7 * 86_400)
        let body: JSONValue = [
            "profile": .string(context.parameter("profile")), "device": .string(device), "uses": 1,
            "expiresAt": .date(week),
        ]
        let challenge: JSONValue
        do throws(APIRefusal) {
            challenge = try await context.api.done(APIMessage("POST", ["challenges"], body: body)).value
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return try await Self.page(context, made: (device, challenge.word("secret")))
    }
}
