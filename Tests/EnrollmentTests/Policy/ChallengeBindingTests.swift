import CertificateAuthority
import Enrollment
import Foundation
import Testing

@Suite("What a challenge is bound to")
struct ChallengeBindingTests {
    private static func binding(_ configure: (inout ChallengeBinding) throws -> Void) rethrows -> ChallengeBinding {
        var binding = ChallengeBinding()
        try configure(&binding)
        return binding
    }

    @Test("may be nothing")
    func unbound() throws {
        #expect(ChallengeBinding().isUnbound)
        let names = try AskedNames("CN=anybody", asking: ["DNS:anything"]).requested
        #expect(ChallengeBinding().violation(by: names, from: "unknown") == nil)
        #expect(!Self.binding { $0.template = "Phones" }.isUnbound)
        #expect(Self.binding { $0.template = "Phones" }.violation(by: names, from: "unknown") == nil)
        #expect(try !Self.binding { $0.subjects = [try SubjectPattern(parsing: "CN=a")] }.isUnbound)
        #expect(try !Self.binding { $0.alternativeNames = [try AlternativeNamePattern(parsing: "*")] }.isUnbound)
        #expect(try !Self.binding { $0.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")] }.isUnbound)
    }

    @Test(
        "is names and addresses, all of which have to fit",
        arguments: [
            (AskedNames("CN=a.example.com", asking: ["DNS:a.example.com"]), "10.0.0.1", nil),
            (AskedNames("CN=a.example.com"), "::ffff:10.0.0.1", nil),
            (
                AskedNames("CN=evil.example"), "10.0.0.1",
                #"the CN "evil.example" does not match CN=*.example.com"#
            ),
            (
                AskedNames("CN=a.example.com"), "192.0.2.1",
                "the address 192.0.2.1 is in none of the challenge's ranges (10.0.0.0/8; 2001:db8::/32)"
            ),
            (
                AskedNames("CN=a.example.com"), "unknown",
                "the client \"unknown\" has no IP address, so it is in none of the challenge's ranges "
                    + "(10.0.0.0/8; 2001:db8::/32)"
            ),
            (
                AskedNames("CN=b"), "10.0.0.1/8",
                "the client \"10.0.0.1/8\" has no IP address, so it is in none of the challenge's ranges "
                    + "(10.0.0.0/8; 2001:db8::/32); the CN \"b\" does not match CN=*.example.com"
            ),
            (
                AskedNames("CN=a.example.com", asking: ["email:a@example.com"]), "10.0.0.1",
                "no pattern allows email:a@example.com (add one, for example email:**@example.com)"
            ),
        ]
    )
    func violation(names: AskedNames, client: String, reason: String?) throws {
        let binding = try Self.binding { binding in
            binding.subjects = [try SubjectPattern(parsing: "CN=*.example.com")]
            binding.addressRanges = try ["10.0.0.0/8", "2001:db8::/32"].map(AddressRange.init(parsing:))
        }
        #expect(try binding.violation(by: names.requested, from: client) == reason)
    }

    @Test("comes back as it was stored")
    func stored() throws {
        let binding = try Self.binding { binding in
            binding.subjects = [try SubjectPattern(parsing: "CN=*.example.com,O=Example")]
            binding.alternativeNames = [try AlternativeNamePattern(parsing: "DNS:*.example.com")]
            binding.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
            binding.template = "Phones"
        }
        #expect(try JSONDecoder().decode(ChallengeBinding.self, from: JSONEncoder().encode(binding)) == binding)
        let unbound = try JSONEncoder().encode(ChallengeBinding())
        #expect(try JSONDecoder().decode(ChallengeBinding.self, from: unbound) == ChallengeBinding())
        #expect(try JSONDecoder().decode(ChallengeBinding.self, from: Data("{}".utf8)) == ChallengeBinding())
    }

    @Test(
        "is refused where it cannot be read: nothing would be bound to it",
        arguments: [#"{"subjects":["CN=***"]}"#, #"{"subjects":"CN=a"}"#, #"{"addressRanges":["all"]}"#, "[]", "7"]
    )
    func unreadable(json: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(ChallengeBinding.self, from: Data(json.utf8)) }
    }
}
