import AdministrationAPI
import ArgumentParser
import CertificateAuthority
import Server

/// What the certificate of a CA says.
struct AuthorityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Its subject: 'CN=Example Devices, O=Example'. (default: its name, or the request's)", valueName: "subject")
    )
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "For how many days it is valid. (default: 3650, below another CA 1825, or as long as that one lasts)",
            valueName: "days"
        )
    )
    var validityDays: Int?

    @Option(
        help: ArgumentHelp(
            "How many CAs may be below one another underneath it, or off for any number. (default: off for a root, otherwise 0)",
            valueName: "number"
        )
    )
    var pathLength: NumberOrOff?

    @Option(
        help: ArgumentHelp(
            "A name that it may issue for: DNS:example.com and below, email:example.com, URI:.example.com, IP:10.0.0.0/8, "
                + "dir:O=Example. Can be repeated. (default: any)",
            valueName: "name"
        ),
        transform: NameSubtree.init(parsing:)
    )
    var permit: [NameSubtree] = []

    @Option(
        help: ArgumentHelp("A name that it may not issue for; can be repeated.", valueName: "name"),
        transform: NameSubtree.init(parsing:)
    )
    var exclude: [NameSubtree] = []

    @Option(
        help: ArgumentHelp(
            "A purpose that it may issue for: clientAuth, serverAuth, …, or an OID. Can be repeated. (default: any)",
            valueName: "purpose"
        ),
        transform: Purpose.init(parsing:)
    )
    var purpose: [Purpose] = []

    @Option(
        help: ArgumentHelp(
            "A certificate policy: an OID, or OID=URL with its practice statement. Can be repeated. (default: any policy)",
            valueName: "policy"
        ),
        transform: PolicyItem.item
    )
    var policy: [PolicyItem] = []

    /// What is sent of what is given.
    var body: JSONObject {
        var body = JSONObject()
        body["subject"] = self.subject.map(JSONValue.string)
        body["validityDays"] = .number(self.validityDays)
        body["pathLength"] = self.pathLength.map { .number($0.number) ?? "unlimited" }
        body["permitted"] = .texts(self.permit.map(\.description))
        body["excluded"] = .texts(self.exclude.map(\.description))
        body["purposes"] = .texts(self.purpose.map(\.description))
        body["policies"] = PolicyItem.json(self.policy)
        return body
    }
}
