import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// The floor under RSASSA-PSS, which has two digests.
@Suite struct WeakMaskTests {
    @Test(arguments: AlgorithmLevel.allCases) func `MGF1 with SHA-1 is judged as SHA-1`(level: AlgorithmLevel) throws {
        let server = try Exchange.server.get()
        var tree = try ASN1Tree(try TestEnrolment().message(for: server.certificate))
        let algorithm = try SignatureAlgorithm(.rsaPSS(maskDigest: .sha1, saltLength: 32), digest: .sha256)
        tree[1, 0, 4, 0, 4] = try ASN1Tree(DERWriter.encode { $0.serialize(algorithm.identifier) })
        let message = try UnverifiedPKIMessage(berEncoded: tree.der)
        let error = #expect(throws: SCEPError.self) { try message.verified(at: level) }
        // Where SHA-1 is accepted, what is wrong is that nobody signed so.
        #expect(error?.code == (level == .modern ? .algorithm : .integrity))
    }
}
