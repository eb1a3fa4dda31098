extension HTML {
    /// A form that changes something.
    ///
    /// - Parameters:
    ///   - address: Where it is sent.
    ///   - visitor: Who sends it.
    ///   - style: A class.
    ///   - question: What is asked once more before what cannot be undone; nil for nothing.
    ///   - content: What is in it.
    /// - Returns: The form.
    static func form(
        to address: String,
        by visitor: Visitor,
        style: String? = nil,
        question: String? = nil,
        _ content: HTML
    ) -> HTML {
        .element(
            "form", ["method": "post", "action": address, "class": style, "data-confirm": question],
            [
                .start("input", ["type": "hidden", "name": PageRequest.tokenField, "value": visitor.formToken]),
                content,
            ])
    }

    /// A button that sends a form.
    ///
    /// - Parameters:
    ///   - title: What it says.
    ///   - style: A class.
    ///   - name: The field that it sends.
    ///   - value: What it sends there.
    ///   - key: The key that presses it.
    ///   - address: Where it sends the form instead; nil for where the form says.
    ///   - question: What is asked once more instead of the form's question; nil for that one.
    /// - Returns: The button.
    static func submit(
        _ title: String,
        style: String = "main",
        name: String? = nil,
        value: String? = nil,
        key: String? = nil,
        to address: String? = nil,
        question: String? = nil
    ) -> HTML {
        .element(
            "button",
            [
                "type": "submit", "class": style, "name": name, "value": value, "data-key": key, "formaction": address,
                "data-confirm": question,
            ], HTML(title))
    }
}

extension HTML {
    /// Boxes that can be ticked, under a name for all of them.
    ///
    /// - Parameters:
    ///   - name: The setting's name, by which faults are told.
    ///   - label: What all of them are about.
    ///   - hint: What one should know.
    ///   - faults: What is wrong, by the settings' names.
    ///   - boxes: The boxes.
    /// - Returns: The boxes.
    static func checks(
        _ name: String,
        _ label: String,
        hint: String? = nil,
        faults: [String: String],
        _ boxes: [HTML]
    ) -> HTML {
        .element(
            "fieldset", ["class": "field"],
            [
                .element("legend", HTML(label)), .element("div", ["class": "boxes"], HTML(boxes)),
                hint.map { .element("span", ["class": "hint"], .prose($0)) } ?? .nothing,
                faults[name].map { .element("span", ["class": "fault"], HTML($0)) } ?? .nothing,
            ])
    }
}

/// A field of a form: its label, what can be put in, a hint, and what is wrong with it.
struct FormField {
    var name: String
    var label: String
    var hint: String?
    var fault: String?
    var isRequired = false
    /// What the label refers to.
    private var identifier: String

    init(_ name: String, _ label: String, hint: String? = nil, faults: [String: String] = [:], isRequired: Bool = false)
    {
        self.name = name
        self.label = label
        self.hint = hint
        self.fault = faults[name]
        self.identifier = name
        self.isRequired = isRequired
    }

    /// The same on a page that has two forms with fields of one name.
    func named(_ form: String) -> FormField {
        var copy = self
        copy.identifier = "\(form)-\(self.name)"
        return copy
    }

    private var described: String? {
        let parts = [
            self.hint == nil ? nil : "\(self.identifier)-hint", self.fault == nil ? nil : "\(self.identifier)-fault",
        ]
        let text = parts.compactMap(\.self).joined(separator: " ")
        return text.isEmpty ? nil : text
    }

    private func whole(_ control: HTML) -> HTML {
        .element(
            "div", ["class": "field"],
            [
                .element("label", ["for": self.identifier], HTML(self.label)), control,
                self.hint.map {
                    .element("span", ["class": "hint", "id": "\(self.identifier)-hint"], .prose($0))
                } ?? .nothing,
                self.fault.map {
                    .element("span", ["class": "fault", "id": "\(self.identifier)-fault"], HTML($0))
                } ?? .nothing,
            ])
    }

    /// One line.
    func input(
        _ type: String = "text",
        value: String? = nil,
        placeholder: String? = nil,
        autocomplete: String? = nil,
        focused: Bool = false
    ) -> HTML {
        self.whole(
            .start(
                "input",
                [
                    "type": type, "name": self.name, "id": self.identifier, "value": value, "placeholder": placeholder,
                    "autocomplete": autocomplete, "required": self.isRequired ? "" : nil,
                    "autofocus": focused ? "" : nil, "aria-invalid": self.fault == nil ? nil : "true",
                    "aria-describedby": self.described, "spellcheck": "false",
                ]))
    }

    /// Several lines.
    ///
    /// - Parameters:
    ///   - value: What is in it.
    ///   - rows: How high it is.
    ///   - takesFile: Whether a file can be put in, where scripts run: PEM as it is, everything else as base64.
    /// - Returns: The field.
    func lines(value: String? = nil, rows: Int = 4, takesFile: Bool = false) -> HTML {
        self.whole(
            .element(
                "textarea",
                [
                    "name": self.name, "id": self.identifier, "rows": "\(rows)", "required": self.isRequired ? "" : nil,
                    "aria-invalid": self.fault == nil ? nil : "true", "aria-describedby": self.described,
                    "spellcheck": "false", "data-file": takesFile ? self.label : nil,
                ], HTML(value ?? "")))
    }

    /// One of several.
    func choice(_ options: [(value: String, label: String)], value: String?) -> HTML {
        self.whole(
            .element(
                "select",
                [
                    "name": self.name, "id": self.identifier, "aria-invalid": self.fault == nil ? nil : "true",
                    "aria-describedby": self.described,
                ],
                HTML(
                    options.map { option in
                        .element(
                            "option", ["value": option.value, "selected": option.value == value ? "" : nil],
                            HTML(option.label))
                    })))
    }

    /// Yes or no.
    func check(isOn: Bool) -> HTML {
        .element(
            "div", ["class": "check"],
            [
                .start(
                    "input",
                    [
                        "type": "checkbox", "name": self.name, "id": self.identifier, "value": "yes",
                        "checked": isOn ? "" : nil, "aria-describedby": self.described,
                    ]),
                .element(
                    "div",
                    [
                        .element("label", ["for": self.identifier], HTML(self.label)),
                        self.hint.map {
                            .element(
                                "span", ["class": "hint soft", "id": "\(self.identifier)-hint"], [" ", .prose($0)])
                        } ?? .nothing,
                    ]),
            ])
    }
}
