import CryptographicMessageSyntax
import SCEP
import SwiftASN1
import TestSupport
import Testing

@testable import Enrollment

/// Requests that somebody has made to do harm to whoever looks at them.
@Suite struct HostileRequestReportTests {
    /// A request with everything that is described.
    private static func request(challenge: String? = nil) throws -> CertificationRequest {
        let names: [UInt8] = .init(
            hex: """
                30 47 82 01 61 81 01 62 86 01 63 87 04 c0000207 88 02 2a03 a4 0f 300d310b300906035504030c02 6869
                a0 11 060a2b060104018237140203 a003 0c01 75 a1 02 0500 a0 0a 0602 2a03 a004 0402 beef
                """)
        let windows: [UInt8] = .init(hex: "300e 06092b0601040182371508 020164")
        let extensions = [
            CertificateExtension([2, 5, 29, 17], value: names),
            CertificateExtension([2, 5, 29, 15], isCritical: true, value: [0x03, 0x02, 0x05, 0xa0]),
            CertificateExtension([2, 5, 29, 37], value: .init(hex: "300a 06082b06010505070302")),
            CertificateExtension([2, 5, 29, 19], value: .init(hex: "3006 0101ff 020100")),
            CertificateExtension([2, 5, 29, 35], value: .init(hex: "3006 8001aa 820105")),
            CertificateExtension([2, 5, 29, 31], value: .init(hex: "300b 3009 a007 a005 8603 613a62")),
            CertificateExtension([1, 3, 6, 1, 4, 1, 311, 21, 7], value: windows),
            CertificateExtension([1, 3, 6, 1, 4, 1, 311, 20, 2], value: .init(hex: "1e04 00550073")),
        ]
        let client: [UInt8] = .init(hex: "300c 020105 0c016d 0c0175 0c0170")
        let attributes = [
            Attribute([1, 3, 6, 1, 4, 1, 311, 21, 20], values: [client]),
            Attribute([1, 3, 6, 1, 4, 1, 311, 13, 2, 2], values: [.init(hex: "300b 020101 1e020043 030200ff")]),
            try Attribute([1, 2, 840, 113549, 1, 9, 2], value: ASN1PrintableString("name")),
        ]
        return try CertificationRequest.make(
            subject: try SubjectName.encoded("C=DE,O=Example+OU=Science,CN=router-1"),
            publicKey: TestKeys.device.publicKey,
            key: TestKeys.device,
            challengePassword: challenge,
            extensions: extensions,
            attributes: attributes
        )
    }

    /// All texts of a report.
    private static func texts(_ report: RequestReport) -> [String] {
        var texts = [report.key.description, report.key.curve ?? "", report.signatureAlgorithm]
        texts += [report.extensionsFault ?? ""]
        for line in report.subject { texts += [line.type, line.value] }
        for each in report.extensions { texts += [each.identifier, each.name] + each.values }
        for each in report.attributes { texts += [each.identifier, each.name] + each.values }
        return texts
    }

    /// Whether all of it can be shown as it is.
    private static func isHarmless(_ report: RequestReport) -> Bool {
        Self.texts(report).allSatisfy { text in
            guard text.utf8.count < 20_000 else { return false }
            guard !text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return true }
            return text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
                default: !scalar.properties.isDefaultIgnorableCodePoint
                }
            }
        }
    }

    @Test func `a whole one is described`() throws {
        let report = RequestReport(try Self.request())
        #expect(report.extensionsFault == nil)
        #expect(
            report.extensions.map(\.values) == [
                [
                    "DNS:a", "email:b", "URI:c", "IP:192.0.2.7", "registered ID:1.2.3", "directory name:CN=hi", "UPN:u",
                    "[1] #a1020500",
                    "other 1.2.3:#0402beef",
                ],
                ["digitalSignature", "keyEncipherment"], ["clientAuth"], ["CA", "path length 0"],
                ["aa", "serial number 05"],
                ["URI:a:b"], ["1.3.6.1.4.1.311.21.8", "version 100"], ["Us"],
            ])
        #expect(report.attributes.first { $0.name == "Microsoft client" }?.values == ["machine m, user u, process p"])
        #expect(report.attributes.first { $0.name == "Microsoft key provider" }?.values == ["C"])
    }

    @Test func `with any byte changed nothing traps, and what is shown is harmless`() throws {
        let bytes = try Self.request(challenge: "s3cr3t").encoded
        var described = 0
        for position in bytes.indices {
            for change in [0x01, 0x80, 0xff] as [UInt8] {
                var changed = bytes
                changed[position] ^= change
                guard let request = try? CertificationRequest(encoded: changed) else { continue }
                described += 1
                #expect(Self.isHarmless(RequestReport(request)), "byte \(position)")
            }
        }
        #expect(described > 500)
    }

    @Test(arguments: [UInt64(31), 32])
    func `with several bytes changed nothing traps`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = try Self.request().encoded
        for _ in 0..<1500 {
            var changed = bytes
            for _ in 0..<Int.random(in: 2...6, using: &generator) {
                changed[Int.random(in: changed.indices, using: &generator)] = .random(
                    in: .min ... .max, using: &generator)
            }
            guard let request = try? CertificationRequest(encoded: changed) else { continue }
            #expect(Self.isHarmless(RequestReport(request)), "seed \(seed)")
        }
    }

    @Test func `parts that are cut off say so`() throws {
        let request = try Self.request()
        for (index, each) in try request.requestedExtensions.enumerated() {
            for count in each.value.indices {
                var extensions = try request.requestedExtensions
                extensions[index].value = Array(each.value.prefix(count))
                let report = RequestReport(
                    try CertificationRequest.make(
                        subject: request.subject,
                        publicKey: TestKeys.device.publicKey,
                        key: TestKeys.device,
                        extensions: extensions
                    )
                )
                #expect(report.extensions[index].values == [Readable.unreadable(each.value.prefix(count))])
                #expect(report.extensions.count == extensions.count)
            }
        }
    }

    @Test(arguments: [
        "a\nCN = admin", "a\r\n", "\u{1b}[2J", "\u{202e}nimda", "\u{2066}a", "a\u{200b}b", "\u{feff}", "\u{e0041}",
        "a\u{a0}",
        "\u{3164}", "a\u{0}b", "\u{85}", "\u{2028}",
    ])
    func `nothing hides, ends its line or turns it around`(text: String) throws {
        let value = Array(text.utf8)
        let names: [UInt8] = [0x30, UInt8(value.count + 2), 0x82, UInt8(value.count)] + value
        let request = try CertificationRequest.make(
            subject: DERWriter.encode { coder in
                try coder.appendConstructed(.sequence) { coder in
                    try coder.appendConstructed(.set) { coder in
                        try coder.appendConstructed(.sequence) { coder in
                            try coder.serialize([2, 5, 4, 3] as ASN1ObjectIdentifier)
                            try coder.serialize(ASN1UTF8String(text))
                        }
                    }
                }
            },
            publicKey: TestKeys.device.publicKey,
            key: TestKeys.device,
            extensions: [CertificateExtension([2, 5, 29, 17], value: names)],
            attributes: [try Attribute([1, 2, 840, 113549, 1, 9, 2], value: ASN1UTF8String(text))]
        )
        let report = RequestReport(request)
        #expect(Self.isHarmless(report), "\(text)")
        #expect(report.subject.first?.value == text.printable)
        #expect(report.extensions.first?.values == ["DNS:\(text.printable)"])
        #expect(report.attributes.contains { $0.values == [text.printable] })
        #expect(text.printable != text)
    }
}
