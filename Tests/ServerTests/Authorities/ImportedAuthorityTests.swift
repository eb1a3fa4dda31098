import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("A CA that was made elsewhere")
struct ImportedAuthorityTests {
    /// A CA of somebody else's.
    struct Foreign {
        let key: SoftwareKey
        let certificate: [UInt8]
        var parents: [[UInt8]] = []

        init(
            _ subject: [UInt8],
            days: Int = 400,
            under parent: Foreign? = nil,
            key: SoftwareKey? = nil,
            from now: Date = TestInstallation.now
        ) throws {
            self.key = try key ?? SoftwareKey.generate(.p256)
            let terms = AuthorityTerms(subject: subject, validityDays: days)
            if let parent {
                self.parents = [parent.certificate] + parent.parents
                self.certificate = try Issuer(certificate: parent.certificate, key: parent.key).issueAuthority(
                    terms, publicKey: self.key.publicKey, serialNumber: [9], now: now
                ).encoded
            } else {
                self.certificate = try RootAuthority.make(terms: terms, key: self.key, serialNumber: [5], now: now)
            }
        }

        init(_ name: String, days: Int = 400, under parent: Foreign? = nil, from now: Date = TestInstallation.now)
            throws
        {
            try self.init(try RootAuthority.commonName(name), days: days, under: parent, from: now)
        }

        var keyFile: KeyFile { get throws { try KeyFile(self.key.pkcs8, password: nil) } }
        var certificateFile: KeyFile { get throws { try KeyFile(self.certificate, password: nil) } }
    }

    @Test("is taken over with its key and chain, in whatever order the files come")
    func order() async throws {
        try await LiveInstallation.run { live in
            let root = try Foreign("Foreign Root")
            let below = try Foreign("Foreign Devices", under: root)
            let files = [
                try root.certificateFile, try below.certificateFile, try below.keyFile, try root.certificateFile,
            ]
            let name = try await live.administration.importAuthority(nil, files: files, by: "anna", at: live.now)
            #expect(name == "Foreign Devices")
            _ = try await live.served.refresh()
            let authority = try live.authority(name)
            #expect(authority.chain == [below.certificate, root.certificate])
            #expect(authority.registrationKeys.count == 1)
            let certificate = try await live.issue(by: name)
            #expect(certificate.chain == authority.chain)
            #expect(try await StatusResponderTests.ask(live, [try certificate.certID()]).statuses == [.good])
            let description = try await live.administration.authorityDescription(name)
            #expect(description.issuer?.contains("Foreign Root") == true)
        }
    }

    @Test("may come as one PKCS#12 or PEM file, and be called something else")
    func forms() async throws {
        try await LiveInstallation.run { live in
            for (name, isPEM) in [("By PEM", true), ("By PKCS#12", false)] {
                let foreign = try Foreign("Foreign \(isPEM)")
                let bytes =
                    isPEM
                    ? Array(
                        (CertificateBundle([foreign.certificate]).pem
                            + PEMChunks.text(foreign.key.pkcs8, label: "PRIVATE KEY"))
                            .utf8)
                    : try PKCS12.make(
                        key: foreign.key, certificate: foreign.certificate, chain: [], friendlyName: "x",
                        password: "secret",
                        encryption: .modern)
                let file = try KeyFile(bytes, password: isPEM ? nil : "secret")
                let made = try await live.administration.importAuthority(name, files: [file], by: "anna", at: live.now)
                #expect(made == name)
            }
            let names = try await live.administration.authorityDescriptions().map(\.name)
            #expect(names == ["UCM CA", "By PEM", "By PKCS#12"])
        }
    }

    @Test("is refused in one sentence where key, certificate and chain are not those of a CA")
    func refused() async throws {
        try await LiveInstallation.run { live in
            let foreign = try Foreign("Foreign")
            let other = try Foreign("Other")
            let expired = try Foreign("Expired", days: 1, from: live.day(-10))
            let underExpired = try Foreign("Under", days: 1, under: expired, from: live.day(-10.5))
            let leaf = try await live.issue("CN=leaf")
            let leafKey = try KeyFile(try #require(leaf.key).pkcs8, password: nil)
            let unnamed = try Foreign(try SubjectName.encoded("O=Nobody"))
            let cases: [(word: String, name: String?, files: [KeyFile])] = [
                ("no private key", nil, []), ("no private key", nil, [try foreign.certificateFile]),
                ("2 private keys", nil, [try foreign.keyFile, try other.keyFile, try foreign.certificateFile]),
                ("no certificate", nil, [try foreign.keyFile]),
                ("none of the certificates", nil, [try foreign.keyFile, try other.certificateFile]),
                ("Other", nil, [try foreign.keyFile, try foreign.certificateFile, try other.certificateFile]),
                ("CA", nil, [leafKey, try KeyFile(leaf.certificate, password: nil)]),
                ("ended", nil, [try expired.keyFile, try expired.certificateFile]),
                (
                    "ended", nil,
                    [try underExpired.keyFile, try underExpired.certificateFile, try expired.certificateFile]
                ),
                ("common name", nil, [try unnamed.keyFile, try unnamed.certificateFile]),
                ("UCM CA already", "UCM CA", [try foreign.keyFile, try foreign.certificateFile]),
                ("already", "ucm ca", [try foreign.keyFile, try foreign.certificateFile]),
                ("1 to 61", "", [try foreign.keyFile, try foreign.certificateFile]),
            ]
            for (number, row) in cases.enumerated() {
                let sentence = await refusal {
                    try await live.administration.importAuthority(row.name, files: row.files, by: "anna", at: live.now)
                }
                #expect(sentence.contains(row.word), "\(number): \(sentence)")
            }
            #expect(try await live.administration.authorityDescriptions().count == 1)
        }
    }

    @Test("is not here twice, under whatever name")
    func twice() async throws {
        try await LiveInstallation.run { live in
            let foreign = try Foreign("Foreign")
            let files = [try foreign.keyFile, try foreign.certificateFile]
            _ = try await live.administration.importAuthority(nil, files: files, by: "anna", at: live.now)
            let sentence = await refusal {
                try await live.administration.importAuthority("Again", files: files, by: "anna", at: live.now)
            }
            #expect(sentence.contains("Foreign"))
            // The certificate of one of this installation's own CAs, with its key.
            let own = try live.authority()
            let key = try #require(live.served.current.authorities.keys[own.id])
            let ownFiles = [
                try KeyFile(key.pkcs8, password: nil), try KeyFile(own.issuer.certificate.encoded, password: nil),
            ]
            let again = await refusal {
                try await live.administration.importAuthority("Own", files: ownFiles, by: "anna", at: live.now)
            }
            #expect(again.contains("UCM CA"))
        }
    }
}
