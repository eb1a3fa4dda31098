import EnrollmentLoad
import SCEP
import SCEPClient
import Testing

/// What a load may be made of.
@Suite struct LoadPlanTests {
    @Test func `the usual plan is one`() {
        #expect(LoadPlan().problem == nil)
    }

    @Test func `more than there are challenges is refused`() throws {
        var plan = LoadPlan()
        plan.challenges = try LoadChallenges(lines: "a\nb\n")
        plan.extent = .count(2)
        #expect(plan.problem == nil)
        plan.extent = .count(3)
        #expect(plan.problem?.contains("--challenges has 2") == true)
    }

    @Test func `a key that only signs needs a challenge`() {
        var plan = LoadPlan()
        plan.keyKind = .p256
        #expect(plan.problem != nil)
        plan.challenges = .same("c")
        #expect(plan.problem == nil)
    }

    @Test func `challenges are known by the numbers of their lines`() throws {
        guard case .each(let challenges) = try LoadChallenges(lines: "one\r\n\ntwo two\n") else {
            Issue.record("each is its own")
            return
        }
        #expect(challenges.map(\.line) == [1, 3])
        #expect(challenges.map(\.secret) == ["one", "two two"])
    }

    @Test(arguments: ["", "\n\n", "one\ntwo\none\n"])
    func `challenges that cannot be used once each`(text: String) {
        let error = #expect(throws: SCEPClientError.self) { try LoadChallenges(lines: text) }
        #expect(error?.code == .input)
    }

    @Test(arguments: ["CN=device", "{number}", "CN={number},=", "/CN={number}"])
    func `a template that makes no subjects`(text: String) {
        let error = #expect(throws: SCEPError.self) { try SubjectTemplate(text) }
        #expect(error?.code == .encoding)
    }
}
