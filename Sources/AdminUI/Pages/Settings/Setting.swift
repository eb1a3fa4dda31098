import AdministrationAPI

/// A setting as a form shows it and the API takes it.
struct Setting: Sendable {
    /// What can be set.
    enum Kind: Sendable {
        /// A number; empty for none.
        case number
        /// A line; empty for none.
        case text
        /// Yes or no.
        case check
        /// One of several.
        case choice([(value: String, label: String)])
        /// Texts, one in a line.
        case lines(rows: Int)
        /// Any of several by hand, or none at all where a checkbox of this label is not ticked.
        case byHand(String, [String])
    }

    /// Where it is in what the API answers, with dots: `renewal.graceDays`.
    var path: String
    var label: String
    var kind: Kind
    var hint: String?

    init(_ path: String, _ label: String, _ kind: Kind, hint: String? = nil) {
        self.path = path
        self.label = label
        self.kind = kind
        self.hint = hint
    }

    /// Its field in a form.
    func field(_ values: FormValues, _ faults: [String: String]) -> HTML {
        let field = FormField(self.path, self.label, hint: self.hint, faults: faults)
        switch self.kind {
        case .number: return field.input("number", value: values.text(self.path))
        case .text: return field.input(value: values.text(self.path), autocomplete: "off")
        case .check: return field.check(isOn: values.isOn(self.path))
        case .choice(let options):
            let value = values.text(self.path)
            let isMissing = value != nil && !options.contains { $0.value == value }
            return field.choice(options + (isMissing ? value.map { [($0, $0)] } ?? [] : []), value: value)
        case .lines(let rows): return field.lines(value: values.lines(self.path), rows: rows)
        case .byHand(let label, let options):
            let group = Choices.Group(title: self.label, choices: options.map { .init(value: $0, label: $0) })
            return [
                FormField(self.switchName, label, hint: self.hint).check(
                    isOn: values.isSet(self.path, by: self.switchName)),
                Choices(
                    name: self.path, groups: [group], ticked: Set(values.texts(self.path)), fault: faults[self.path]
                ).html,
            ]
        }
    }

    private var switchName: String { "\(self.path).byHand" }

    /// What the form says, as the API takes it.
    func value(_ form: PageFields) -> JSONValue {
        switch self.kind {
        case .number:
            guard let text = form[self.path] else { return .null }
            return Int64(text).map(JSONValue.integer) ?? .string(text)
        case .text, .choice: return .text(ifPresent: form[self.path])
        case .check: return .bool(form[self.path] == "yes")
        case .lines:
            let lines = (form[self.path] ?? "").split(whereSeparator: \.isNewline).map { String($0).trimmed }
            return .array(lines.filter { !$0.isEmpty }.map(JSONValue.string))
        case .byHand:
            guard form[self.switchName] == "yes" else { return .null }
            return .array(form.values(self.path).map(JSONValue.string))
        }
    }

    /// How it is set, for those who may not change it.
    func shown(_ values: FormValues) -> HTML {
        switch self.kind {
        case .number, .text: return HTML(values.text(self.path) ?? "–")
        case .check: return values.isOn(self.path) ? "yes" : "no"
        case .choice(let options):
            let value = values.text(self.path)
            return HTML(options.first { $0.value == value }?.label ?? value ?? "–")
        case .lines, .byHand:
            let texts = values.texts(self.path)
            return texts.isEmpty
                ? "–" : HTML(texts.enumerated().map { [$0.offset == 0 ? .nothing : ", ", .code($0.element)] })
        }
    }
}

/// Settings that belong together, under a heading.
struct SettingGroup: Sendable {
    var title: String
    var settings: [Setting]

    /// All fields.
    func fields(_ values: FormValues, _ faults: [String: String]) -> HTML {
        HTML(self.settings.map { $0.field(values, faults) })
    }

    /// All values, for those who may not change them.
    func facts(_ values: FormValues) -> HTML { .facts(self.settings.map { ($0.label, $0.shown(values)) }) }
}

extension [SettingGroup] {
    /// What a form says of all of them, as the API takes it: a change that leaves everything else as it is (RFC 7396).
    func change(_ form: PageFields) -> JSONValue {
        var body: JSONValue = [:]
        for setting in self.flatMap(\.settings) {
            let names = setting.path.split(separator: ".", maxSplits: 1).map(String.init)
            if names.count == 2 {
                var members = body[names[0]] ?? [:]
                members.append(names[1], setting.value(form))
                body.append(names[0], members)
            } else {
                body.append(setting.path, setting.value(form))
            }
        }
        return body
    }
}
