import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("What an event changed")
struct AuditDifferenceTests {
    static let cases: [(before: String?, after: String?, differences: [[String?]])] = [
        (nil, nil, []), ("{}", "{}", []), (#"{"a":1}"#, #"{"a":1}"#, []), (#"{"a":1}"#, #"{"a": 1.0}"#, []),
        (#"{"a":1,"b":2}"#, #"{"b":3,"a":1}"#, [["b", "2", "3"]]), (nil, #"{"a":"x"}"#, [["a", nil, "x"]]),
        (#"{"a":true}"#, nil, [["a", "true", nil]]),
        (
            #"{"settings":{"level":"strict","queue":{"days":1}}}"#,
            #"{"settings":{"level":"legacy","queue":{"days":1}}}"#,
            [["settings.level", "strict", "legacy"]]
        ),
        (#"{"a":{"b":1}}"#, #"{"a":2}"#, [["a", nil, "2"], ["a.b", "1", nil]]),
        (#"{"a":{}}"#, #"{"a":[1,"x",null]}"#, [["a", "{}", #"[1,"x",null]"#]]),
        ("x", "[]", []), ("{", #"{"a":null}"#, [["a", nil, "null"]]),
    ]

    @Test("is told by name, and nothing else is", arguments: cases.indices)
    func differences(index: Int) {
        let (before, after, expected) = Self.cases[index]
        let event = EventRecord(
            id: 1, milliseconds: 0, kindName: "x", actor: "anna", before: before, after: after)
        #expect(event.differences.map { [$0.name, $0.before, $0.after] } == expected)
    }

    @Test("is told of what is nested without end as well")
    func nested() {
        let text = String(repeating: #"{"a":"#, count: 300) + "1" + String(repeating: "}", count: 300)
        let event = EventRecord(id: 1, milliseconds: 0, kindName: "x", actor: "anna", before: nil, after: text)
        #expect(event.differences.map(\.name) == ["a.a.a.a.a.a.a.a.a"])
    }
}
