import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// CRLs as a client reads them.
@Suite struct RevocationListTests {
    private static func details(_ identity: TestIdentity) throws -> CertificateDetails {
        try CertificateDetails(encoded: identity.certificate.encoded)
    }

    @Test(arguments: [[], [5], [5, 6, 7]] as [[UInt8]])
    func `whose, of when, and what is revoked`(revoked: [UInt8]) throws {
        let crl = try RevocationList(encoded: try TestPKI.authority.crl(revoking: revoked))
        #expect(crl.issuer == TestPKI.authority.certificate.subject)
        #expect(crl.thisUpdate == TestAuthority.now)
        #expect(crl.nextUpdate == TestAuthority.now.addingTimeInterval(86_400))
        #expect(crl.serialNumbers == revoked.map { [$0] })
        #expect(crl.isCurrent(at: TestAuthority.now))
        #expect(!crl.isCurrent(at: TestAuthority.now.addingTimeInterval(86_401)))
    }

    @Test func `one that does not say when the next comes is current`() throws {
        let crl = try RevocationList(encoded: try TestPKI.authority.crl(revoking: [5], nextUpdate: nil))
        #expect(crl.nextUpdate == nil)
        #expect(crl.serialNumbers == [[5]])
        #expect(crl.isCurrent(at: .distantFuture))
    }

    @Test func `only a CA that may sign CRLs signs it`() throws {
        let crl = try RevocationList(encoded: try TestPKI.authority.crl())
        #expect(crl.isIssued(by: try Self.details(TestPKI.authority)))
        #expect(!crl.isIssued(by: try Self.details(TestPKI.stranger)))
        let limited = try TestIdentity("Limited", key: TestKeys.device, isAuthority: true, usage: 0x04)
        #expect(try !RevocationList(encoded: limited.crl()).isIssued(by: Self.details(limited)))
    }

    /// More elements than a message may have; a CRL is read entry by entry.
    @Test func `a long one is read`() throws {
        let crl = try RevocationList(encoded: try TestPKI.authority.crl(revoking: (0..<8000).map { UInt8($0 % 128) }))
        #expect(crl.serialNumbers.count == 8000)
    }

    @Test func `cut at any byte it is refused, with a bit changed it never traps nor verifies`() throws {
        let authority = try Self.details(TestPKI.authority)
        let bytes = try TestPKI.authority.crl(revoking: [5, 6])
        for count in bytes.indices {
            #expect(throws: CMSError.self) { try RevocationList(encoded: Array(bytes.prefix(count))) }
        }
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= 1 << UInt8(position % 8)
            guard let crl = try? RevocationList(encoded: changed), crl.isIssued(by: authority) else { continue }
            #expect(crl.serialNumbers == [[5], [6]], "byte \(position)")
        }
    }
}
