import Testing

@testable import SCEP

/// Messages of real devices and of other projects against the outcomes that we declare for them in `Vectors`.
///
/// The messages belong to others and are read from `../shared/vectors`, beside the package; where that folder is
/// missing the tests are skipped and say so.
@Suite(.enabled(if: VectorFiles.areHere, "the folder ../shared/vectors with the messages of real devices is missing"))
struct VectorTests {
    @Test(arguments: VectorOutcome.all)
    func `a message has its declared outcome`(outcome: VectorOutcome) throws {
        var actual = try VectorDescription(of: outcome).fields
        // Challenges of other people's servers are declared as being there, without their value.
        if outcome.fields["challenge"] == "present", let challenge = actual["challenge"], challenge != "none" {
            actual["challenge"] = "present"
        }
        for name in Set(actual.keys).union(outcome.fields.keys).sorted() {
            #expect(actual[name] == outcome.fields[name], "\(outcome.message): \(name)")
        }
    }

    @Test func `every message has a declared outcome and every outcome a message`() throws {
        let outcomes = try VectorFiles.paths(in: VectorFiles.outcomes).map(VectorOutcome.init(path:))
        let messages = Set(outcomes.map(\.message))
        #expect(messages.count == outcomes.count)
        let files = Set(VectorFiles.paths(in: VectorFiles.messages))
        #expect(messages.subtracting(files) == [])
        // Keys and certificates that outcomes name go with the messages.
        let companions = outcomes.flatMap { outcome in
            ["key", "certificate"].compactMap { outcome.inputs[$0] }
        }
        #expect(files.subtracting(messages).subtracting(companions).subtracting(["INDEX.md"]) == [])
    }
}
