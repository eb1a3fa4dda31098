/// What came of the form that led to a page: nothing yet, or what was wrong with it.
struct FormOutcome: Sendable {
    /// The status of the page.
    var status = 200
    /// What is said above the form.
    var notice = HTML.nothing
    /// What is said beside its fields, by their names.
    var faults: [String: String] = [:]

    /// Whether the fields are shown again as they were filled in, to be mended.
    var keepsWhatWasTyped = false

    /// No form was sent.
    static let none = FormOutcome()

    /// Refusals that whoever has filled in the form can mend.
    private static let mendable: Set<String> = [
        "invalid", "refused", "conflict", "not-found", "changed-meanwhile", "forbidden", "too-many-requests",
    ]

    private init() {}

    /// One field is wrong.
    init(_ field: String, _ fault: String) {
        self.status = 422
        self.faults = [field: fault]
        self.keepsWhatWasTyped = true
    }

    /// What the API has refused.
    ///
    /// - Throws: The refusal itself, where it is none that could be mended in the form.
    init(_ refusal: APIRefusal) throws(APIRefusal) {
        guard Self.mendable.contains(refusal.code) else { throw refusal }
        self.status = refusal.result.status
        self.keepsWhatWasTyped = refusal.code != "changed-meanwhile"
        self.notice = .notice(.bad, .element("p", HTML(refusal.detail)))
        // `rules.subjects[0]` is said beside the field `rules.subjects`.
        self.faults = Dictionary(
            refusal.faults.map { (String($0.key.prefix { $0 != "[" }), $0.value) },
            uniquingKeysWith: { first, _ in first })
    }
}
