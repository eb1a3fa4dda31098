/// What something is, as a word with a shape and a colour of its own.
enum Badge: String, CaseIterable {
    case issued, valid, approved, usable, active
    case pending, expiring, held, reserved, locked, initial
    case rejected, failed, refused, revoked, altered
    case expired, replaced, disabled, retired, spent
    case automatic, manual
    case answered, sent, crl, limited, malformed, unanswered
    case ready, ok, unavailable

    /// How good or bad that is.
    enum Tone: String { case good, wait, bad, over, accent }

    private var look: (tone: Tone, icon: HTML) {
        switch self {
        case .issued, .valid, .approved, .usable, .active, .sent, .ready, .ok: (.good, Icon.done)
        case .pending, .expiring, .initial: (.wait, Icon.clock)
        case .held, .reserved, .locked, .limited: (.wait, Icon.pause)
        case .rejected, .refused, .revoked: (.bad, Icon.cross)
        case .failed, .altered, .malformed, .unanswered, .unavailable: (.bad, Icon.triangle)
        case .expired, .replaced, .disabled, .retired, .spent: (.over, Icon.dash)
        case .automatic, .manual: (.accent, Icon.dash)
        case .answered, .crl: (.over, Icon.done)
        }
    }

    var tone: Tone { self.look.tone }

    var html: HTML { self.html(word: self.rawValue) }

    /// The same shape and colour with another word.
    func html(word: String) -> HTML {
        .element("span", ["class": "badge \(self.look.tone.rawValue)"], [self.look.icon, HTML(word)])
    }

    /// How good or bad it is what a word of the API says.
    static func tone(of word: String) -> Tone { Badge(rawValue: word)?.tone ?? .over }

    /// The badge of a word of the API; the word itself where there is none for it.
    static func of(_ word: String) -> HTML {
        Badge(rawValue: word)?.html ?? .element("span", ["class": "badge over"], HTML(word))
    }
}
