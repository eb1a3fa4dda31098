import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("OpenSSL's view of OCSP", .enabled(if: OpenSSL.isExpected, "openssl is not installed"))
struct OpenSSLOCSPTests {
    /// A whole second, as OpenSSL looks at its own clock.
    static let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
    static let serialNumbers: [[UInt8]] = [[0x11], [0x00, 0xfe, 0xdc]]

    /// The files with the CA and two of its certificates, and a responder.
    struct Setting {
        let openssl: OpenSSL
        let responder: TestResponder
        let authority: String
        let leaves: [String]

        init(_ directory: String, _ algorithm: KeyAlgorithm = .p256) throws {
            self.openssl = OpenSSL(directory: directory)
            let responder = try TestResponder(algorithm, now: OpenSSLOCSPTests.now)
            self.responder = responder
            self.authority = try self.openssl.file("ca.pem", "CERTIFICATE", responder.authority)
            let openssl = self.openssl
            self.leaves = try OpenSSLOCSPTests.serialNumbers.enumerated().map { number, serialNumber in
                let leaf = try responder.leaf(serialNumber: serialNumber, authorityKey: TestIssuer.key(algorithm))
                return try openssl.file("leaf\(number).pem", "CERTIFICATE", leaf)
            }
        }

        func answer(_ request: OCSPRequest, _ status: CertificateStatus) throws -> [UInt8] {
            let responses = request.certificates.map { name in
                SingleResponse(
                    certificate: name,
                    status: status,
                    thisUpdate: OpenSSLOCSPTests.now,
                    nextUpdate: OpenSSLOCSPTests.now.addingTimeInterval(3600)
                )
            }
            let response = try self.responder.signer.response(
                responses, nonce: request.nonce, producedAt: OpenSSLOCSPTests.now)
            return response.encoded(with: self.responder.signer)
        }
    }

    static let requests: [([String], isNonced: Bool, DigestAlgorithm, count: Int)] = [
        ([], true, .sha1, 1), (["-no_nonce"], false, .sha1, 1), (["-no_nonce", "-sha256"], false, .sha256, 1),
        (["-no_nonce", "-sha224"], false, .sha224, 1), (["-sha384"], true, .sha384, 2), (["-sha512"], true, .sha512, 2),
    ]

    @Test("is a request that is read", arguments: requests.indices)
    func isRequest(index: Int) async throws {
        let (options, isNonced, digest, count) = Self.requests[index]
        try await withTemporaryDirectory { directory in
            let setting = try Setting(directory)
            let arguments = setting.leaves.prefix(count).flatMap {
                options.filter { $0 != "-no_nonce" } + ["-cert", $0]
            }
            let asked = try setting.openssl.run(
                ["ocsp", "-issuer", setting.authority] + arguments + options.filter { $0 == "-no_nonce" }
                    + ["-reqout", "request.der"])
            #expect(asked.status == 0, "\(asked.text)")
            let request = try OCSPRequest(derEncoded: try setting.openssl.bytes("request.der"))
            #expect(request.certificates.map(\.serialNumber) == Array(Self.serialNumbers.prefix(count)))
            #expect(request.certificates.allSatisfy { $0.hashAlgorithm == digest })
            #expect(request.certificates.allSatisfy(setting.responder.issuer.isIssuer(of:)))
            #expect((request.nonce != nil) == isNonced)
            #expect(request.certificates[0] == (try setting.responder.name([0x11], by: digest)))
        }
    }

    static let statuses: [(CertificateStatus, [String])] = [
        (.good, ["leaf0.pem: good", "leaf1.pem: good", "Next Update: "]),
        (.unknown, ["leaf0.pem: unknown"]),
        (.revoked(at: now, reason: .unspecified), ["leaf0.pem: revoked", "Revocation Time: "]),
        (.revoked(at: now, reason: .keyCompromise), ["leaf0.pem: revoked", "Reason: keyCompromise"]),
        (.revoked(at: now, reason: .certificateHold), ["leaf0.pem: revoked", "Reason: certificateHold"]),
    ]

    @Test("is that an answer is right", arguments: statuses.indices, [KeyAlgorithm.rsa2048, .p256, .p384])
    func answers(index: Int, algorithm: KeyAlgorithm) async throws {
        let (status, texts) = Self.statuses[index]
        try await withTemporaryDirectory { directory in
            let setting = try Setting(directory, algorithm)
            let certificates = setting.leaves.flatMap { ["-cert", $0] }
            _ = try setting.openssl.run(
                ["ocsp", "-issuer", setting.authority] + certificates + ["-reqout", "request.der"])
            let request = try OCSPRequest(derEncoded: try setting.openssl.bytes("request.der"))
            let path = try setting.openssl.file("response.der", bytes: try setting.answer(request, status))
            let answer = try setting.openssl.run(
                ["ocsp", "-issuer", setting.authority] + certificates
                    + ["-no_nonce", "-reqin", "request.der", "-respin", path, "-CAfile", setting.authority])
            #expect(answer.status == 0, "\(answer.text)")
            #expect(answer.text.contains("Response verify OK"), "\(answer.text)")
            #expect(!answer.text.contains("WARNING"), "\(answer.text)")
            for text in texts { #expect(answer.text.contains(text), "\(text) is not in\n\(answer.text)") }
        }
    }

    @Test("is that an answer of another CA's responder, or one that was changed, is wrong", arguments: [false, true])
    func wrong(isOther: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let setting = try Setting(directory)
            let other = try Setting(directory, isOther ? .p384 : .p256)
            let request = try OCSPRequest(derEncoded: try setting.responder.request().der)
            var bytes = try other.answer(request, .revoked(at: Self.now, reason: .superseded))
            if !isOther {
                let reason = try #require(bytes.firstRange(of: [0xa0, 0x03, 0x0a, 0x01, 0x04] as [UInt8]))
                bytes[reason.upperBound - 1] = 0x05
            }
            // The other setting has put its CA in the place of the first.
            let authority = try setting.openssl.file("ca.pem", "CERTIFICATE", setting.responder.authority)
            let path = try setting.openssl.file("response.der", bytes: bytes)
            let answer = try setting.openssl.run(["ocsp", "-respin", path, "-CAfile", authority])
            #expect(answer.text.contains("Response Verify Failure"), "\(answer.text)")
        }
    }

    @Test("is that an answer without a status is a failure", arguments: OCSPFailure.allCases)
    func failures(_ failure: OCSPFailure) async throws {
        try await withTemporaryDirectory { directory in
            let openssl = OpenSSL(directory: directory)
            let path = try openssl.file("response.der", bytes: failure.encoded)
            let answer = try openssl.run(["ocsp", "-respin", path, "-noverify"])
            #expect(
                answer.text.contains("Responder Error: ") && answer.text.contains("(\(failure.rawValue))"),
                "\(answer.text)")
        }
    }
}
