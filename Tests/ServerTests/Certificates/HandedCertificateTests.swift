import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import SwiftASN1
import TestSupport
import Testing

@testable import Server

@Suite("A certificate that an administrator has issued")
struct HandedCertificateTests {
    static func request(_ subject: String, key: SoftwareKey, extensions: [CertificateExtension] = []) throws -> [UInt8]
    {
        try CertificationRequest.make(
            subject: try SubjectName.encoded(subject), publicKey: key.publicKey, key: key, extensions: extensions
        ).encoded
    }

    static func alternativeNames(_ certificate: [UInt8]) throws -> [String] {
        let found = try CertificateExtension.all(of: certificate).first { $0.identifier == [2, 5, 29, 17] }
        return found.map { SCEP.AlternativeName.texts($0.value) } ?? []
    }

    @Test("is for the key of a request, or for one that is made here and handed over")
    func keys() async throws {
        try await LiveInstallation.run { live in
            let key = try SoftwareKey.generate(.p384)
            let names = SCEP.AlternativeName.certificateExtension([try SCEP.AlternativeName("DNS:pump.example.com")])
            let request = try Self.request("CN=pump, O=Example", key: key, extensions: [names])
            let first = try await live.administration.issue(
                CertificateOrder(key: .request(request)), by: "anna", at: live.now)
            #expect(first.key == nil)
            let read = try SignerCertificate(encoded: first.certificate)
            #expect(read.publicKey.isSameKey(as: key.publicKey))
            #expect(
                ReadableText.name(read.subject) == "O=Example,CN=pump"
                    || ReadableText.name(read.subject).contains("pump"))
            #expect(try Self.alternativeNames(first.certificate) == ["DNS:pump.example.com"])
            #expect(first.chain == (try live.authority().chain))

            for algorithm in [KeyAlgorithm.p256, .rsa2048] {
                let made = try await live.issue { order in
                    order.key = .generated(algorithm)
                    order.alternativeNames = ["DNS:a.example.com", "IP:192.0.2.7"]
                    order.validityDays = 7
                    order.template = "network equipment"
                }
                let own = try #require(made.key)
                #expect(try SignerCertificate(encoded: made.certificate).publicKey.isSameKey(as: own.publicKey))
                #expect(KeyAlgorithm(own.publicKey) == algorithm)
                #expect(try Self.alternativeNames(made.certificate) == ["DNS:a.example.com", "IP:192.0.2.7"])
                let detail = try await live.administration.certificate(made.serialNumber)
                #expect(detail.description.summary.origin == .manual)
                #expect(detail.description.summary.issuedBy == "anna")
                #expect(detail.description.summary.template == "Network Equipment")
                #expect(detail.description.summary.notAfter == live.day(7))
                #expect(detail.description.authority == "UCM CA")
                #expect(detail.events.map(\.kind) == [.certificateIssued])
                #expect(detail.events.map(\.actor) == ["anna"])
                // The key is nowhere.
                try live.registry.close()
                let file = try Data(contentsOf: URL(fileURLWithPath: live.test.directory + "/ucm.sqlite"))
                #expect(file.range(of: Data(own.pkcs8)) == nil)
                guard algorithm == .p256 else { continue }
                #expect(file.range(of: Data(made.certificate)) != nil)
            }
        }
    }

    @Test("has the subject and SANs of its order in place of the request's")
    func replacedNames() async throws {
        try await LiveInstallation.run { live in
            let key = try SoftwareKey.generate(.p256)
            let names = SCEP.AlternativeName.certificateExtension([try SCEP.AlternativeName("DNS:old.example.com")])
            var order = CertificateOrder(key: .request(try Self.request("CN=old", key: key, extensions: [names])))
            order.subject = "CN=new"
            order.alternativeNames = ["DNS:new.example.com"]
            let certificate = try await live.administration.issue(order, by: "anna", at: live.now)
            #expect(ReadableText.name(try SignerCertificate(encoded: certificate.certificate).subject) == "CN=new")
            #expect(try Self.alternativeNames(certificate.certificate) == ["DNS:new.example.com"])
            order.alternativeNames = []
            let none = try await live.administration.issue(order, by: "anna", at: live.now)
            #expect(try Self.alternativeNames(none.certificate) == [])
        }
    }

    @Test("is refused in one sentence where it cannot be, and then there is none")
    func refused() async throws {
        try await LiveInstallation.run { live in
            let authority = try live.authority()
            let key = try SoftwareKey.generate(.p256)
            let ownKey = try #require(live.served.current.authorities.keys[authority.id])
            let request = try Self.request("CN=x", key: key)
            let isAuthority = CertificateExtension(
                [2, 5, 29, 19], isCritical: true, value: [0x30, 0x03, 0x01, 0x01, 0xff])
            var tampered = request
            tampered[tampered.count - 1] ^= 1
            let small = try CertificationRequest.make(
                subject: try SubjectName.encoded("CN=x"), publicKey: TestKeys.smallDevice.publicKey,
                key: TestKeys.smallDevice
            ).encoded
            let before = try await live.registry.certificateCount()
            func order(_ key: CertificateOrder.Key, _ change: (inout CertificateOrder) -> Void = { _ in })
                -> CertificateOrder
            {
                var order = CertificateOrder(key: key)
                change(&order)
                return order
            }
            let cases: [(String, CertificateOrder)] = [
                ("no template Nobody", order(.request(request)) { $0.template = "Nobody" }),
                ("no CA Nobody", order(.request(request)) { $0.authority = "Nobody" }),
                ("request cannot", order(.request([]))), ("request cannot", order(.request(tampered))),
                ("belongs to this CA", order(.request(try Self.request("CN=x", key: ownKey)))),
                ("1024", order(.request(small))),
                ("CA:TRUE", order(.request(try Self.request("CN=x", key: key, extensions: [isAuthority])))),
                ("366", order(.request(request)) { $0.validityDays = 366 }),
                ("0 days", order(.request(request)) { $0.validityDays = 0 }),
                ("-1", order(.request(request)) { $0.validityDays = -1 }),
                ("outlive", order(.request(request)) { $0.validityDays = 5000 }),
                ("", order(.request(request)) { $0.validityDays = Int.max }),
                ("", order(.request(request)) { $0.subject = "nonsense" }),
                ("", order(.request(request)) { $0.alternativeNames = ["nonsense"] }),
                ("", order(.request(request)) { $0.subject = "CN=UCM CA" }), ("", order(.generated(.p256))),
            ]
            for (word, order) in cases {
                let sentence = await refusal { try await live.administration.issue(order, by: "anna", at: live.now) }
                #expect(!sentence.isEmpty && (word.isEmpty || sentence.contains(word)), "\(word): \(sentence)")
                #expect(!sentence.contains("\n"))
            }
            #expect(try await live.registry.certificateCount() == before)
        }
    }

    @Test("ends with its CA where the template would have it last longer, and not at all after its end")
    func endOfAuthority() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Short") { $0.validityDays = 30 }
            let certificate = try await live.issue(by: "Short")
            let detail = try await live.administration.certificate(certificate.serialNumber)
            #expect(detail.description.summary.notAfter == live.day(30))
            let outliving = await refusal { try await live.issue(by: "Short") { $0.validityDays = 31 } }
            #expect(outliving.contains("outlive") && outliving.contains("Short"))
            let late = await refusal { try await live.issue(by: "Short", at: live.day(31)) }
            #expect(late.contains("ended"))
        }
    }
}
