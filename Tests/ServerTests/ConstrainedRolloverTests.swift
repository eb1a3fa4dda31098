import CertificateAuthority
import Enrollment
import Foundation
import Registry
import TestSupport
import Testing

@testable import Server

@Suite("A CA from elsewhere, or after another one")
struct ConstrainedRolloverTests {
    static let now = TestInstallation.now

    static func run(_ body: (Administration) async throws -> Void) async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let administration = try await Administration(try await test.configuration())
            defer { try? administration.close() }
            try await body(administration)
        }
    }

    @Test("may issue what the one before may, and no more")
    func successor() async throws {
        try await Self.run { administration in
            var order = AuthorityOrder(name: "Narrow")
            order.key = .p256
            order.permittedNames = [try NameSubtree(parsing: "DNS:example.com")]
            order.extendedKeyUsage = [.ExtendedKeyUsage.clientAuth]
            order.pathLength = .limited(0)
            try await administration.createAuthority(order, by: "anna", at: Self.now)
            let name = try await administration.rollover(
                "Narrow",
                to: .new(name: nil, key: nil),
                switchAt: Self.now.addingTimeInterval(1000),
                by: "anna",
                at: Self.now
            )
            let constraints = try #require(try await administration.authorities().named(name)).authority.issuer
                .constraints
            #expect(constraints.nameConstraints == AuthorityNameConstraints(permitted: order.permittedNames))
            #expect(constraints.extendedKeyUsage == order.extendedKeyUsage)
            #expect(constraints.pathLength == 0)
        }
    }

    @Test("has the name that was asked for")
    func installedSubject() async throws {
        try await Self.run { administration in
            var order = AuthorityOrder(name: "Awaited")
            order.key = .p256
            let request = try await administration.requestAuthority(order, by: "anna", at: Self.now)
            var terms = AuthorityOrder(name: "")
            terms.subject = "CN=Somebody Else"
            let other = try await administration.signAuthority(request, terms, by: "anna", at: Self.now)
            let right = try await administration.signAuthority(
                request, AuthorityOrder(name: ""), by: "anna", at: Self.now)
            func install(_ chain: [[UInt8]]) async throws -> String? {
                let files = try chain.map { try KeyFile($0, password: nil) }
                do {
                    try await administration.installAuthority("Awaited", files: files, by: "anna", at: Self.now)
                    return nil
                } catch let error as AdministrationError {
                    return error.description
                }
            }
            let refusal = try await install(other)
            #expect(refusal?.contains("CN=Somebody Else") == true)
            #expect(refusal?.contains("CN=Awaited") == true)
            #expect(try await install(right) == nil)
        }
    }

    @Test("is remembered as imported")
    func imported() async throws {
        try await Self.run { administration in
            let key = try SoftwareKey.generate(.p256)
            let certificate = try RootAuthority.make(
                terms: AuthorityTerms(subject: try RootAuthority.commonName("Elsewhere")),
                key: key,
                serialNumber: [1],
                now: Self.now
            )
            let files = try [key.pkcs8, certificate].map { try KeyFile($0, password: nil) }
            _ = try await administration.importAuthority(nil, files: files, by: "anna", at: Self.now)
            let event = try #require(try await administration.registry.events(limit: 1).first)
            #expect(event.kind == .authorityCreated)
            #expect(event.actor == "anna")
            #expect(event.detail.contains("imported with its key"))
        }
    }
}
