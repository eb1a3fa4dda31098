import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import SCEP

/// Damaged messages through the whole of the server's codec: they are refused or opened, nothing traps, and nothing
/// that was signed comes out changed.
@Suite struct MutationTests {
    /// The bytes that the server would act on.
    private static func process(_ bytes: [UInt8]) throws(SCEPError) -> [UInt8] {
        guard let server = try? Exchange.server.get() else { throw SCEPError(.refused, "no test keys") }
        let message = try UnverifiedPKIMessage(berEncoded: bytes).verified(at: .legacy)
        let certificate = try message.recipient(among: [server.certificate])
        return try message.openedRequest(as: certificate, with: server.key, allowingOtherKey: false, at: .legacy)
            .request.encoded
    }

    @Test(arguments: [ASN1Tree.Form.definite, .indefinite])
    func `a message cut at any byte is no pkiMessage`(form: ASN1Tree.Form) throws {
        let request = try Exchange.pkiRequest()
        let bytes = try ASN1Tree(try Exchange.encoded(request)).encoded { $0.count < 3 ? form : .definite }
        #expect(try Self.process(bytes) == request.content)
        for count in 0..<bytes.count {
            let error = #expect(throws: SCEPError.self) { try Self.process(Array(bytes.prefix(count))) }
            #expect(error?.code == .notAPKIMessage, "cut after \(count) bytes")
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `a changed byte never traps and never changes the request`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let request = try Exchange.pkiRequest()
        let bytes = try Exchange.encoded(request)
        var refused = 0
        for _ in 0..<1500 {
            var changed = bytes
            let position = Int.random(in: changed.indices, using: &generator)
            changed[position] = UInt8.random(in: .min ... .max, using: &generator)
            do throws(SCEPError) {
                #expect(try Self.process(changed) == request.content)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 750)
    }

    /// Damage inside the envelope, which only those who hold the client's key can do.
    @Test(arguments: [UInt64(5), 6])
    func `a changed request never traps`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let content = try Exchange.request().encoded
        for _ in 0..<1500 {
            var changed = content
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: changed.indices, using: &generator)
                changed[position] = UInt8.random(in: .min ... .max, using: &generator)
            }
            guard changed != content, let request = try? CertificationRequest(encoded: changed) else { continue }
            let isSame = request.publicKey.derEncoded == (try Exchange.device.get().certificate.publicKey.derEncoded)
            if isSame, (try? request.verifySignature()) != nil {
                let original = try CertificationRequest(encoded: content)
                #expect(request.subject == original.subject && request.attributes == original.attributes)
            }
            _ = try? request.challengePassword
            _ = try? request.requestedExtensions
        }
    }

    @Test func `pieces of a message put together anew never trap`() throws {
        var generator = SeededGenerator(seed: 7)
        let bytes = try Exchange.encoded(try Exchange.pkiRequest())
        for _ in 0..<1000 {
            var changed = bytes
            let start = Int.random(in: changed.indices, using: &generator)
            let end = Int.random(in: start...min(start + 64, changed.count), using: &generator)
            let other = Int.random(in: changed.indices, using: &generator)
            changed.replaceSubrange(
                start..<end, with: bytes[other...].prefix(Int.random(in: 0...64, using: &generator)))
            guard changed != bytes else { continue }
            let result = Result { () throws(SCEPError) in try Self.process(changed) }
            if case .success(let request) = result { #expect(try request == Exchange.request().encoded) }
        }
    }
}
