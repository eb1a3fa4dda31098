import Foundation
import Testing

@testable import CertificateAuthority

@Suite("The notation of subjects that templates build")
struct SubjectPolicyTests {
    static let readings: [(String, SubjectPolicy)] = [
        ("requested", .requested),
        ("Requested", .requested),
        ("CN={CN}", .built([SubjectComponent(type: "CN", value: .attribute("CN"))])),
        ("cn = {commonName?}", .built([SubjectComponent(type: "CN", value: .attribute("CN"), isOptional: true)])),
        ("CN={dns}", .built([SubjectComponent(type: "CN", value: .alternativeName(.dns))])),
        (
            "UID={UPN?}",
            .built([SubjectComponent(type: "UID", value: .alternativeName(.userPrincipalName), isOptional: true)])
        ),
        ("E={email}", .built([SubjectComponent(type: "E", value: .alternativeName(.email))])),
        ("CN={E}", .built([SubjectComponent(type: "CN", value: .attribute("E"))])),
        ("2.5.4.3={1.2.3.4}", .built([SubjectComponent(type: "CN", value: .attribute("1.2.3.4"))])),
        (
            "CN={CN}, OU=Devices,O=Example Corp",
            .built([
                SubjectComponent(type: "CN", value: .attribute("CN")),
                SubjectComponent(type: "OU", value: .fixed("Devices")),
                SubjectComponent(type: "O", value: .fixed("Example Corp")),
            ])
        ),
        (
            ##"O=Example\, Inc.\; \{a\} \"b\" C:\\ \+1, OU=\#1, L=K\C3\B6ln\ , ST=a=b"##,
            .built([
                SubjectComponent(type: "O", value: .fixed(##"Example, Inc.; {a} "b" C:\ +1"##)),
                SubjectComponent(type: "OU", value: .fixed("#1")),
                SubjectComponent(type: "L", value: .fixed("Köln ")),
                SubjectComponent(type: "ST", value: .fixed("a=b")),
            ])
        ),
    ]

    @Test("is read, and what it is written as is read as the same", arguments: readings)
    func reading(text: String, policy: SubjectPolicy) throws {
        #expect(try SubjectPolicy(parsing: text) == policy)
        #expect(try SubjectPolicy(parsing: policy.description) == policy)
        #expect(try JSONDecoder().decode([SubjectPolicy].self, from: JSONEncoder().encode([policy])) == [policy])
    }

    @Test(
        "is written in one way",
        arguments: [
            ("cn={cn?},o=Example", "CN={CN?}, O=Example"), ("emailAddress={Email}", "E={email}"),
            (##"O=\ a\,b\ "##, ##"O=\ a\,b\ "##), (##"O=\#a#b"##, ##"O=\#a#b"##),
        ]
    )
    func description(text: String, description: String) throws {
        #expect(try SubjectPolicy(parsing: text).description == description)
    }

    static let errors: [(String, Int)] = [
        ("", 0), ("CN", 0), ("CN={CN}, ", 9), ("CN={CN},O", 8), ("SN=a", 0), ("FOO=a", 0), ("O=a, 1.2.3.=b", 5),
        ("CN=", 3), ("CN={}", 3), ("CN={?}", 4), ("CN={FOO}", 4), ("CN={other}", 4), ("CN={CN", 3), ("CN={CN}x", 3),
        ("CN=x{CN}", 4), ("CN=a+b", 4), ("CN=\"a\"", 3), ("CN=#0401", 3), ("CN=a\\", 4), ("CN=a\\z", 4), ("CN=a\\0", 4),
        ("CN=\\ff", 3), ("CN=a\u{202e}b", 3), ("CN=a\u{0}b", 3), ("C=Germany", 2), ("C=d1", 2), ("DC=köln", 3),
        ("SERIALNUMBER=a_b", 13), ("O=a;b", 3), ("O=a<b", 3), ("O=a}b", 3),
        ("CN=" + String(repeating: "a", count: 65), 3), ("O=" + String(repeating: "a", count: 65), 2),
        ("1.2.99999999999999999999=a", 0), ("2.18446744073709551615=a", 0), ("5.1=a", 0),
        (String(repeating: "O=a,", count: 32) + "O=a", 128), (String(repeating: "a", count: 4001), 4000),
    ]

    @Test("says where it is wrong", arguments: errors)
    func error(text: String, offset: Int) throws {
        let error = #expect(throws: PolicySyntaxError.self) { try SubjectPolicy(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.text == text)
    }

    @Test("takes values up to the upper bound", arguments: [("CN", 64), ("O", 64), ("L", 128), ("E", 255), ("DC", 63)])
    func bounds(type: String, bound: Int) throws {
        _ = try SubjectPolicy(parsing: "\(type)=" + String(repeating: "a", count: bound))
        let error = #expect(throws: PolicySyntaxError.self) {
            try SubjectPolicy(parsing: "\(type)=" + String(repeating: "a", count: bound + 1))
        }
        #expect(error?.offset == type.count + 1)
    }
}
