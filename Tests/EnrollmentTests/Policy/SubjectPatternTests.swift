import CertificateAuthority
import Foundation
import Testing

@testable import Enrollment

@Suite("A pattern for subjects")
struct SubjectPatternTests {
    private static func violation(_ pattern: String, _ names: AskedNames) throws -> String? {
        try NameConstraints(subjects: [SubjectPattern(parsing: pattern)]).violation(by: names.requested)
    }

    static let matching: [(String, AskedNames)] = [
        ("CN=*.example.com", AskedNames("CN=device.example.com")),
        ("cn=*.EXAMPLE.com", AskedNames("CN=DEVICE.example.com")),
        ("2.5.4.3=*.example.com", AskedNames("CN=device.example.com")),
        ("CN=*.example.com", AskedNames("CN=a.example.com", "CN=b.example.com", "O=Anybody")),
        ("CN=*.example.com,O=Example", AskedNames("CN=a.example.com", "O=example")),
        (" CN = *.example.com , O = Example ", AskedNames("O=Example", "CN=a.example.com")),
        (#"O=Example\, Inc."#, AskedNames("O=Example, Inc.")),
        (#"O=a\=b\+c"#, AskedNames("O=a=b+c")),
        (#"CN=\*.example.com"#, AskedNames("CN=*.example.com")),
        ("1.2.3=x*", AskedNames("1.2.3=xy")),
        ("O=**", AskedNames("O=A. B. C.")),
        ("O=Müller", AskedNames("O=MÜLLER")),
        ("E=**@example.com", AskedNames("E=first.last@example.com")),
        ("emailAddress=*@example.com", AskedNames("E=someone@EXAMPLE.com")),
        ("DC=example,DC=com", AskedNames("DC=com", "DC=example", "CN=a")),
        ("OU=a*,OU=b*", AskedNames("OU=b1", "OU=a1", "OU=a2")),
    ]

    @Test("matches", arguments: matching)
    func matches(pattern: String, names: AskedNames) throws {
        #expect(try Self.violation(pattern, names) == nil)
    }

    static let mismatching: [(String, AskedNames)] = [
        ("CN=*.example.com", AskedNames("CN=device.evil.example")),
        ("CN=*.example.com", AskedNames("CN=a.b.example.com")),
        ("CN=*.example.com", AskedNames("CN=*.example.com")),
        ("CN=*.example.com", AskedNames("O=device.example.com")),
        ("CN=*.example.com", AskedNames()),
        ("CN=*.example.com", AskedNames("CN=")),
        // one of two is bad, wherever it stands
        ("CN=*.example.com", AskedNames("CN=a.example.com", "CN=evil.example")),
        ("CN=*.example.com", AskedNames("CN=evil.example", "CN=a.example.com")),
        ("CN=*.example.com", AskedNames("CN=a.example.com", "CN=")),
        ("CN=*.example.com", AskedNames("CN=a.example.com", "CN=b.example.com\0")),
        // every condition
        ("CN=*.example.com,O=Example", AskedNames("CN=a.example.com")),
        ("CN=*.example.com,O=Example", AskedNames("O=Example")),
        ("CN=*.example.com,O=Example", AskedNames("CN=a.example.com", "O=Other")),
        ("OU=a*,OU=b*", AskedNames("OU=a1")),
        ("OU=a*,OU=b*", AskedNames("OU=a1", "OU=b1", "OU=c1")),
        // what looks like it
        ("CN=*.example.com", AskedNames("CN=a.ex\u{430}mple.com")),
        ("CN=*.example.com", AskedNames("CN=evil.example\0.example.com")),
        ("CN=**.example.com", AskedNames("CN=evil.example\0.example.com")),
        ("CN=**", AskedNames("CN=a\0")),
        ("CN=**", AskedNames("CN=moc.elpmaxe\u{202e}")),
        ("CN=**", AskedNames("CN=a\u{200b}b")),
        ("CN=*.example.com", AskedNames("CN=evil。x.example.com")),
        ("CN=*.example.com", AskedNames("CN=evil․x.example.com")),
        ("CN=*", AskedNames("CN=www．evil．example")),
        ("CN=**", AskedNames("CN=" + String(repeating: "a", count: 1001))),
        // addresses
        ("E=**@example.com", AskedNames("E=a@evil.example@example.com")),
        ("E=**@example.com", AskedNames("E=\"a@evil.example\"@example.com")),
        ("E=**", AskedNames("E=nobody")),
    ]

    @Test("does not match, and says why", arguments: mismatching)
    func mismatches(pattern: String, names: AskedNames) throws {
        #expect(try Self.violation(pattern, names)?.isEmpty == false)
    }

    @Test("does not match a value that is no string")
    func otherType() throws {
        var names = AskedNames("CN=a.example.com")
        names.subject.append(AskedNames.attribute("CN", tag: 0x02, [0x41]))
        #expect(
            try Self.violation("CN=**", names) == "the CN of the subject is no text, or has characters that cannot be "
                + "seen or are taken for others, so it does not match CN=**"
        )
    }

    @Test(
        "says what does not match",
        arguments: [
            (AskedNames("CN=evil.example"), #"the CN "evil.example" does not match CN=*.example.com"#),
            (AskedNames("O=x"), "the subject has no CN, but has to match CN=*.example.com"),
            (AskedNames(), "the subject is empty, but has to match CN=*.example.com"),
        ]
    )
    func reason(names: AskedNames, reason: String) throws {
        #expect(try Self.violation("CN=*.example.com", names) == reason)
    }

    @Test(
        "that is none is refused with its place",
        arguments: [
            ("", 0), ("device", 0), (",", 0), ("CN=a,", 5), ("CN=a,,O=b", 5), ("CN=a, b", 6), ("CN", 0), ("=a", 0),
            ("XY=a", 0), ("CN=a,XY=b", 5), ("CN=a, XY=b", 6), ("SN=a", 0), ("1=a", 0), ("CN=", 3), ("CN= ", 3),
            ("CN=,O=b", 3), ("CN=***", 5), ("CN=a,O=***", 9), ("CN=a+O=b", 4), ("CN=a=b", 4), (#"CN=a\b"#, 4),
            (#"CN=a\"#, 4), (#"O=a\,b,C=***"#, 11), ("CN=a\0", 4), ("E=nobody", 2), ("E=a@b@c", 5), ("E=é@example", 2),
            ("CN=" + String(repeating: "a", count: 501), 503), (String(repeating: "a", count: 2001), 2000),
        ]
    )
    func syntax(text: String, offset: Int) {
        let error = #expect(throws: PolicySyntaxError.self) { try SubjectPattern(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.text == text)
    }

    @Test(
        "is stored as it is written",
        arguments: [
            ("CN=*.example.com", "CN=*.example.com"), (" cn=a , commonName=B,1.2.3=**", "CN=a,CN=B,1.2.3=**"),
            (#"O=Example\, Inc.,C=DE"#, #"O=Example\, Inc.,C=DE"#), (#"O=\\\,\*"#, #"O=\\\,\*"#),
            ("email=**@example.com", "E=**@example.com"),
        ]
    )
    func stored(text: String, written: String) throws {
        let pattern = try SubjectPattern(parsing: text)
        #expect(pattern.description == written)
        #expect(try SubjectPattern(parsing: written) == pattern)
        let json = try JSONEncoder().encode([pattern])
        #expect(try JSONDecoder().decode([String].self, from: json) == [written])
        #expect(try JSONDecoder().decode([SubjectPattern].self, from: json) == [pattern])
    }
}
