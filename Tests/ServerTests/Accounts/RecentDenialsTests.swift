import Testing

@testable import Server

@Suite("Denials")
struct RecentDenialsTests {
    @Test("are recorded once a minute for each permission, with how many came before")
    func counts() async {
        let denials = RecentDenials()
        let steps: [(permission: Permission, name: String, second: Double, recorded: Int?)] = [
            (.readUsers, "vera", 0, 0), (.readUsers, "vera", 1, nil), (.writeUsers, "vera", 2, 0),
            (.readUsers, "olga", 3, 0), (.readUsers, "vera", 59, nil), (.readUsers, "vera", 60, 2),
            (.readUsers, "vera", 61, nil), (.readUsers, "vera", 5000, 1), (.readUsers, "vera", 10_000, 0),
            // A clock that was set back silences nobody for long.
            (.readUsers, "vera", 0, 0),
        ]
        for step in steps {
            let recorded = await denials.count(step.permission, of: step.name, at: People.second(step.second))
            #expect(recorded == step.recorded, "\(step)")
        }
    }
}
