import CryptographicMessageSyntax
import Enrollment
import SCEP
import TestSupport
import Testing

@testable import Registry

@Suite("Enrolments at the same time")
struct ConcurrencyTests {
    @Test("of one and the same request get one certificate")
    func identical() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: authority.raCertificate)
            let exchanges = try await withThrowingTaskGroup(of: Exchange.self) { group in
                for _ in 0..<32 { group.addTask { try await authority.answer(message) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let certificates = try exchanges.map {
                try enrolment.verified($0.answer, from: authority.raCertificate).certificates
            }
            #expect(certificates.allSatisfy { $0.count == 1 })
            #expect(Set(certificates).count == 1)
            #expect(exchanges.count { $0.outcome != .sent } == 1)
            #expect(try await authority.registry.certificateCount() == 1)
        }
    }

    @Test("of different requests get different serial numbers, each its own certificate")
    func different() async throws {
        try await withAuthority { authority in
            let client = try TestClient(key: TestKeys.device)
            let certificates = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
                for number in 0..<200 {
                    group.addTask {
                        var enrolment = TestEnrolment(client)
                        enrolment.transactionID = "\(number)"
                        let reply = try await authority.enrol(enrolment).reply
                        return (number, try #require(reply.certificates.first))
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            let serials = try certificates.values.map { try SignerCertificate(encoded: $0).identifier.serialNumber }
            #expect(Set(serials).count == 200)
            #expect(try await authority.registry.certificateCount() == 200)
            for serial in serials {
                #expect(try await authority.registry.certificate(serialNumber: serial, authority: 1) != nil)
            }
        }
    }
}
