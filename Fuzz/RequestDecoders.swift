import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import SCEP
import SwiftASN1

/// What a request asks for: as people are shown it, and as rules look at it.
let requestDecoders: [Decoder] = [
    { bytes in
        let report = RequestReport(try CertificationRequest(encoded: bytes))
        var texts = report.attributes.flatMap { [$0.name] + $0.values }
        for part in report.extensions { texts += [part.name] + part.values }
        for line in report.subject { texts += [line.type, line.value] }
        texts += [report.key.description, report.signatureAlgorithm]
        for text in texts { precondition(isHarmless(text), "a report obeys its request: \(text.debugDescription)") }
    },
    { bytes in
        // The subject, and behind it the value of the subjectAltName.
        let end = try BERBounds.lengthOfFirstElement(in: bytes[...])
        let value = Array(bytes[end...])
        let names = try RequestedNames(
            subject: Array(bytes[..<end]),
            extensions: value.isEmpty ? [] : [CertificateExtension([2, 5, 29, 17], value: value)]
        )
        try checkRules(on: names)
    },
]

/// Puts names before rules of every kind.
private func checkRules(on names: RequestedNames) throws {
    for name in names.alternativeNames where try AlternativeNamePattern(parsing: "DNS:*.example.com").matches(name) {
        let labels = name.text?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        precondition(
            labels.count == 3 && labels.allSatisfy { !$0.isEmpty && !$0.contains("*") }
                && labels.dropFirst().joined(separator: ".").lowercased() == "example.com",
            "a wildcard crosses a dot: \(name)"
        )
    }
    for name in names.alternativeNames where try AlternativeNamePattern(parsing: "email:**@example.com").matches(name) {
        let halves = name.text?.split(separator: "@", omittingEmptySubsequences: false) ?? []
        precondition(
            halves.count == 2 && halves.last?.lowercased() == "example.com",
            "the domain of an address is not what a pattern says: \(name)"
        )
    }
    var rules = ApprovalRules()
    rules.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
    rules.keys = [.rsa(minimumBits: 3072), .anyCurve]
    for subjects in [[], ["CN=*.example.com", "CN=a**,O=\\*,E=*@example.com", "1.2.3=**", "DC=example,DC=*"]] {
        for alternativeNames in [[], ["DNS:**.example.com", "IP:10.0.0.0/8", "URI:https://**", "UPN:*@example.com"]] {
            rules.subjects = try subjects.map(SubjectPattern.init(parsing:))
            rules.alternativeNames = try alternativeNames.map(AlternativeNamePattern.init(parsing:))
            let explanation = ApprovalPolicy(profile: "p", isOpen: false, requiresApproval: false, rules: rules)
                .explain(
                    PolicyQuestion(client: names.readableSubject, challenge: .missing, names: names, key: try fuzzKey())
                )
            precondition(Explanation(text: explanation.text) == explanation, "an explanation is not read again")
        }
    }
}

/// A key on P-256: the base point.
private func fuzzKey() throws(CMSError) -> SubjectPublicKeyInfo {
    try SubjectPublicKeyInfo(
        derEncoded: [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
            0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8,
            0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39,
            0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c,
            0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51,
            0xf5,
        ]
    )
}

/// Whether a text can stand in a line of a terminal.
private func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
