import AdministrationAPI

/// The settings of a template for those who only read them.
enum TemplateFacts {
    static func all(_ template: JSONValue) -> [(String, HTML?)] {
        func list(_ name: String, otherwise: String) -> HTML {
            let texts = template.words(name)
            return texts.isEmpty
                ? .element("span", ["class": "soft"], HTML(otherwise)) : HTML(texts.joined(separator: ", "))
        }
        func excess(_ word: String) -> HTML {
            HTML(TemplateWords.excesses.first { $0.value == word }?.label ?? word)
        }
        let sans = template["sans"] ?? .null
        let allowed = sans["allowed"]?.array?.compactMap(\.text)
        let names: HTML =
            if let allowed {
                HTML(allowed.isEmpty ? "none" : allowed.joined(separator: ", "))
            } else {
                "all that are requested"
            }
        return [
            ("Valid for", "\(template.word("validityDays")) days"),
            ("Start put back", "\(template.word("backdatingSeconds")) seconds"),
            ("Key usage", list("keyUsage", otherwise: "none")),
            ("Purposes", list("extendedKeyUsage", otherwise: "none: the extension is left out")),
            ("Subject", HTML(template.word("subject") == "requested" ? "as requested" : template.word("subject"))),
            ("SANs", names), ("Other SANs", allowed == nil ? nil : excess(sans.word("others"))),
            ("Keys", list("keys", otherwise: "any that the profile's level allows")),
            ("Requests to be a CA", excess(template.word("authorityRequests"))),
            ("Other critical extensions", excess(template.word("criticalExtensions"))),
            ("Extensions passed on", list("passedExtensions", otherwise: "none")),
            ("Policies", list("policies", otherwise: "none")), ("CRL", list("crlURLs", otherwise: "not named")),
            ("The CA's certificate", list("issuerURLs", otherwise: "not named")),
            ("OCSP", list("ocspURLs", otherwise: "not named")),
        ]
    }
}
