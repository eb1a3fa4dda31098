import AdministrationAPI

/// Files of a CA in a form: each is pasted, or chosen where scripts run.
struct AuthorityFileFields {
    /// The fields: their names, labels and hints.
    let fields: [(name: String, label: String, hint: String)]

    func html(_ form: PageFields, _ faults: [String: String]) -> HTML {
        HTML(
            self.fields.map { field in
                FormField(field.name, field.label, hint: field.hint, faults: faults).lines(
                    value: form[field.name].flatMap(Self.shown), rows: 5, takesFile: true)
            })
    }

    /// What is shown again after a mistake: a key that is not encrypted is not.
    private static func shown(_ text: String) -> String? {
        text.contains("PRIVATE KEY-----") && !text.contains("ENCRYPTED") ? nil : text
    }

    /// Those that are filled in.
    private func filled(_ form: PageFields) -> [(name: String, text: String)] {
        self.fields.compactMap { field in form[field.name].map { (field.name, $0) } }
    }

    /// The files as the API takes them.
    func files(_ form: PageFields) -> JSONValue { .array(self.filled(form).map { .string($0.text) }) }

    /// What the API has refused, with faults beside the fields that the files come from.
    ///
    /// - Throws: The refusal itself, where it is none that could be mended in the form.
    func outcome(_ refusal: APIRefusal, _ form: PageFields) throws(APIRefusal) -> FormOutcome {
        var outcome = try FormOutcome(refusal)
        for (index, file) in self.filled(form).enumerated() {
            if let fault = refusal.faults["files[\(index)]"] { outcome.faults[file.name] = fault }
        }
        if let fault = refusal.faults["files"], let first = self.fields.first { outcome.faults[first.name] = fault }
        return outcome
    }
}
