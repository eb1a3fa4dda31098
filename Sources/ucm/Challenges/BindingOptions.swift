import AdministrationAPI
import ArgumentParser
import CertificateAuthority
import Enrollment
import Server

/// What a challenge is good for.
struct BindingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the subject has to match: CN=pump-4.example.com. Can be repeated.", valueName: "pattern"),
        transform: SubjectPattern.init(parsing:)
    )
    var subject: [SubjectPattern] = []
    @Option(
        help: ArgumentHelp(
            "What each SAN has to match: DNS:pump-4.example.com. Can be repeated.", valueName: "pattern"),
        transform: AlternativeNamePattern.init(parsing:)
    )
    var san: [AlternativeNamePattern] = []
    @Option(
        help: ArgumentHelp("From where the request has to come: 10.0.0.0/8. Can be repeated.", valueName: "range"),
        transform: AddressRange.init(parsing:)
    )
    var address: [AddressRange] = []
    @Option(
        help: ArgumentHelp(
            "What the certificate looks like: Default, Mobile Devices or Network Equipment. (default: the profile's)",
            valueName: "name"))
    var template: String?

    /// What is sent of what is given.
    var body: JSONObject {
        var body = JSONObject()
        if !self.subject.isEmpty { body["subjects"] = .texts(self.subject.map(\.description)) }
        if !self.san.isEmpty { body["sans"] = .texts(self.san.map(\.description)) }
        if !self.address.isEmpty { body["addresses"] = .texts(self.address.map(\.description)) }
        body["template"] = self.template.map(JSONValue.string)
        return body
    }
}
