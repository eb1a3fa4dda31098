import Foundation
import Testing

@testable import Registry

@Suite("A state in the audit log")
struct AuditStateTests {
    @Test("is a JSON object, sorted by name, without what is nil")
    func json() throws {
        let state: AuditState = [
            "b": 1, "a": "x", "c": nil, "d": true, "e": .list(["y", 2, .list([])]),
            "f": .json(orText: #"{"z":1, "y":[]}"#), "g": .json(orText: "{broken"),
            "h": .date(Date(timeIntervalSince1970: 0)),
        ]
        #expect(
            state.json
                == #"{"a":"x","b":1,"d":true,"e":["y",2,[]],"f":{"z":1, "y":[]},"g":"{broken","#
                + #""h":"1970-01-01T00:00:00Z"}"#
        )
        #expect(AuditState([:]).json == "{}")
    }

    @Test("holds every text", arguments: HostileTextTests.texts.indices)
    func texts(index: Int) throws {
        let text = HostileTextTests.texts[index]
        let state: AuditState = ["a": .text(text), "b": .list([.text(text)])]
        let read = try JSONDecoder().decode([String: AuditStateTests.Value].self, from: Data(state.json.utf8))
        #expect(read["a"]?.texts.map { Array($0.utf8) } == [Array(text.utf8)])
        #expect(read["b"]?.texts.map { Array($0.utf8) } == [Array(text.utf8)])
    }

    struct Value: Decodable {
        let texts: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.texts = [text]
            } else {
                self.texts = try container.decode([String].self)
            }
        }
    }

    static let others: [(text: String, json: String)] = [
        (#"{"a":1}"#, #"{"a":1}"#), ("{}", "{}"), ("1", #"{"value":"1"}"#), ("", #"{"value":""}"#),
        ("[1]", #"{"value":"[1]"}"#), (#"{"a":1"#, #"{"value":"{\"a\":1"}"#), ("null", #"{"value":"null"}"#),
        (#"{"a":1}}"#, #"{"value":"{\"a\":1}}"}"#), ("{\"a\":\"\u{1}\"}", #"{"value":"{\"a\":\"\u0001\"}"}"#),
    ]

    @Test("is taken from JSON, and anything else is a value", arguments: others.indices)
    func taken(index: Int) {
        #expect(AuditState(json: Self.others[index].text).json == Self.others[index].json)
    }

    @Test("that is too long is known by its length and digest")
    func long() {
        let state: AuditState = ["a": .text(String(repeating: "x", count: 200_000))]
        #expect(state.stored.hasPrefix(#"{"bytes":200008,"sha256":""#))
        #expect(state.stored.utf8.count == 92)
        let short: AuditState = ["a": "x"]
        #expect(short.stored == short.json)
    }

    @Test("that is nested without end is a text")
    func nested() {
        let text = String(repeating: #"{"a":"#, count: 100_000) + "1" + String(repeating: "}", count: 100_000)
        #expect(AuditState(json: text).json.hasPrefix(#"{"value":"{\"a\""#))
    }
}
