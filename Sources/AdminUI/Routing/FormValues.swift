import AdministrationAPI

/// What the fields of a form have: what is stored, or what somebody typed that has to be mended.
struct FormValues {
    private let stored: JSONValue
    private let typed: PageFields?
    private let revision: String?

    /// Decides between what is stored and what was typed.
    ///
    /// Where somebody else has changed the thing meanwhile, what is stored now is shown, so that nobody undoes it unseen.
    init(_ stored: JSONValue, _ revision: String?, _ context: PageContext, after outcome: FormOutcome) {
        self.stored = stored
        self.typed = outcome.keepsWhatWasTyped ? context.form : nil
        self.revision = revision
    }

    /// The value that is stored under a path of names with dots.
    private func value(_ path: String) -> JSONValue {
        path.split(separator: ".").reduce(self.stored) { $0[String($1)] ?? .null }
    }

    /// A text or a number.
    func text(_ path: String) -> String? {
        if let typed { return typed[path] }
        return switch self.value(path) {
        case .string(let text): text
        case .integer(let integer): "\(integer)"
        default: nil
        }
    }

    /// A yes or no.
    func isOn(_ path: String) -> Bool {
        self.typed.map { $0[path] == "yes" } ?? (self.value(path).bool == true)
    }

    /// Several texts: the values of one name, as checkboxes have them.
    func texts(_ path: String) -> [String] {
        self.typed?.values(path) ?? (self.value(path).array ?? []).compactMap(\.text)
    }

    /// Several texts, one in a line.
    func lines(_ path: String) -> String? {
        if let typed { return typed[path] }
        return (self.value(path).array ?? []).compactMap(\.text).joined(separator: "\n")
    }

    /// Whether a value is stored that may be missing, by the checkbox that says so in the form.
    func isSet(_ path: String, by checkbox: String) -> Bool {
        self.typed.map { $0[checkbox] == "yes" } ?? (self.value(path) != .null)
    }

    /// The field that says what was seen, so that nobody's change is undone.
    var revisionField: HTML {
        let revision = self.typed?[Self.revisionName] ?? self.revision
        return .start("input", ["type": "hidden", "name": "revision", "value": revision])
    }

    private static let revisionName = "revision"

    /// What a form expects to be the present state, as the API takes it; nil for whatever it is.
    static func expected(_ form: PageFields) -> String? { form[Self.revisionName].map { "\"\($0)\"" } }
}
