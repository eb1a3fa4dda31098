import CertificateAuthority
import Enrollment
import Foundation
import Testing

@Suite("A profile's rules")
struct ApprovalRulesTests {
    @Test("come back as they were stored")
    func stored() throws {
        var rules = ApprovalRules()
        rules.combination = .any
        rules.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
        rules.subjects = [try SubjectPattern(parsing: #"CN=*.example.com,O=Example\, Inc."#)]
        rules.alternativeNames = [try AlternativeNamePattern(parsing: "DNS:**.example.com")]
        rules.keys = [try KeyRequirement(parsing: "rsa3072"), .anyCurve]
        rules.otherwise = .queue
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(rules)
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"addressRanges":["10.0.0.0/8"],"alternativeNames":["DNS:**.example.com"],"combination":"any","#
                + #""keys":["rsa3072","ec"],"otherwise":"queue","subjects":["CN=*.example.com,O=Example\\, Inc."]}"#
        )
        #expect(try JSONDecoder().decode(ApprovalRules.self, from: json) == rules)
    }

    @Test("that are not stored have their defaults", arguments: ["{}", #"{"ofALaterVersion":1}"#, #"{"keys":null}"#])
    func defaults(json: String) throws {
        let rules = try JSONDecoder().decode(ApprovalRules.self, from: Data(json.utf8))
        #expect(rules == ApprovalRules())
        #expect(rules.combination == .all)
        #expect(rules.otherwise == .refuse)
        #expect(rules.names == NameConstraints())
    }

    @Test(
        "of another kind are refused, and what is wrong is said",
        arguments: [
            (#"{"subjects":["CN=***"]}"#, "CN=***"), (#"{"alternativeNames":["a"]}"#, "a"),
            (#"{"addressRanges":["10.0.0.0/33"]}"#, "10.0.0.0/33"), (#"{"keys":["dsa"]}"#, "dsa"),
            (#"{"combination":"some"}"#, nil), (#"{"otherwise":"grant"}"#, nil), (#"{"subjects":"CN=a"}"#, nil),
            (#"{"subjects":[7]}"#, nil), ("[]", nil), ("", nil),
        ]
    )
    func unreadable(json: String, rule: String?) {
        let error = #expect(throws: (any Error).self) {
            try JSONDecoder().decode(ApprovalRules.self, from: Data(json.utf8))
        }
        #expect((error as? PolicySyntaxError)?.text == rule)
    }

    @Test(
        "accept everybody where every address is a credential that is enough",
        arguments: [
            (.any, ["0.0.0.0/0"], true), (.any, ["::/1", "8000::/1"], true), (.any, ["10.0.0.0/8"], false),
            (.any, [], false), (.all, ["0.0.0.0/0"], false), (.all, [], false),
        ] as [(ApprovalRules.Combination, [String], Bool)]
    )
    func everybody(combination: ApprovalRules.Combination, ranges: [String], acceptsEverybody: Bool) throws {
        var rules = ApprovalRules()
        rules.combination = combination
        rules.addressRanges = try ranges.map(AddressRange.init(parsing:))
        #expect(rules.acceptsEverybody == acceptsEverybody)
    }
}
