import AdministrationAPI
import Foundation

/// A CA as pages speak of it: what the API says, and what follows from that.
struct Authority {
    let value: JSONValue

    /// The kinds of key that a CA can have.
    static let keys: [(value: String, label: String)] = [
        ("p256", "ECDSA P-256"), ("p384", "ECDSA P-384"), ("rsa2048", "RSA 2048"), ("rsa3072", "RSA 3072"),
        ("rsa4096", "RSA 4096"),
    ]
    /// How long before its end a CA is said to end soon.
    private static let warning: TimeInterval = 90 * 86_400

    var name: String { self.value.word("name") }
    var slug: String { self.value.word("slug") }
    var subject: String { self.value.word("subject") }
    var isDefault: Bool { self.value.isTrue("default") }
    var isRetired: Bool { self.value["retiredAt"]?.text != nil }
    var isRevoked: Bool { self.value.isTrue("revoked") }
    var isRoot: Bool { self.value["issuer"]?.text == nil }
    var profiles: [String] { self.value.words("profiles") }
    var chain: [String] { self.value.words("chain") }
    /// The kind of its key for people.
    var key: String {
        let word = self.value.word("key")
        return Self.keys.first { $0.value == word }?.label ?? word
    }

    /// The CA that follows, and when.
    var next: (name: String, switchAt: Date)? {
        guard let next = self.value["next"], let date = next["switchAt"]?.text.flatMap(APIDate.date) else { return nil }
        return (next.word("ca"), date)
    }

    /// The fingerprint as other programs write it: in capitals, with colons.
    var fingerprint: String {
        let digits = Array(self.value.word("fingerprint").uppercased())
        return stride(from: 0, to: digits.count, by: 2).map { String(digits[$0..<min($0 + 2, digits.count)]) }
            .joined(separator: ":")
    }

    /// The same, which breaks between halves and quarters before it breaks elsewhere.
    var shownFingerprint: HTML {
        let quarter = 8 * 3
        let letters = Array(self.fingerprint)
        return HTML(
            stride(from: 0, to: letters.count, by: quarter).map {
                [HTML(String(letters[$0..<min($0 + quarter, letters.count)])), .start("wbr")]
            })
    }

    func date(_ name: String) -> Date? { self.value[name]?.text.flatMap(APIDate.date) }

    /// What it does, in a word.
    func state(at now: Date) -> Badge {
        if self.isRevoked { return .revoked }
        guard let end = self.date("notAfter"), end > now else { return .expired }
        if self.isRetired { return .retired }
        return end.timeIntervalSince(now) < Self.warning ? .expiring : .active
    }

    /// Whether it can issue now.
    func isUsable(at now: Date) -> Bool { [.active, .expiring].contains(self.state(at: now)) }

    /// Its page.
    var address: String { Self.address(self.name) }

    static func address(_ name: String, _ rest: String = "") -> String { Link.to("/cas", name, rest) }

    /// A link to the page of a CA, for those who may see it.
    static func link(_ name: String, _ context: PageContext) -> HTML {
        context.may("authorities:read") ? .link(Self.address(name), HTML(name)) : HTML(name)
    }

    /// One of them.
    ///
    /// - Throws: ``APIRefusal``.
    static func named(_ name: String, _ context: PageContext) async throws(APIRefusal) -> Authority {
        Authority(value: try await context.api.get("cas", name).value)
    }

    /// All of them, by name.
    ///
    /// - Throws: ``APIRefusal``.
    static func all(_ context: PageContext) async throws(APIRefusal) -> [Authority] {
        try await context.api.get("cas", query: [("limit", "500")]).value.list("items").map(Authority.init)
    }
}

extension [Authority] {
    /// The CA that has issued another one's certificate, where it is here.
    func parent(of authority: Authority) -> Authority? {
        guard !authority.isRoot, authority.chain.count > 1 else { return nil }
        return self.first { $0.chain.first == authority.chain[1] }
    }

    /// The CA that another one follows, or will.
    func predecessor(of authority: Authority) -> Authority? { self.first { $0.next?.name == authority.name } }

    /// Those that follow one another, the oldest first.
    func generations(of authority: Authority) -> [Authority] {
        var line = [authority]
        while line.count <= self.count, let first = line.first, let older = self.predecessor(of: first) {
            line.insert(older, at: 0)
        }
        while line.count <= self.count, let next = line.last?.next,
            let newer = self.first(where: { $0.name == next.name })
        {
            line.append(newer)
        }
        return line
    }

    /// What a CA is: a root, or below which one.
    func kind(of authority: Authority) -> String {
        if authority.isRoot { return "root" }
        return self.parent(of: authority).map { "below \($0.name)" } ?? "below a CA elsewhere"
    }
}

extension String {
    /// What the API says of something, as a sentence of its own.
    var asSentence: String {
        guard let first = self.first else { return self }
        return first.uppercased() + self.dropFirst() + (self.hasSuffix(".") ? "" : ".")
    }
}
