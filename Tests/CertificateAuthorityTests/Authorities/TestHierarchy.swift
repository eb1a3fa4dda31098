import CryptographicMessageSyntax
import Foundation
import TestSupport

@testable import CertificateAuthority

/// A root and CAs below it.
enum TestHierarchy {
    static let now = TestIssuer.now

    /// A root of the tests' key of a kind.
    static func root(
        _ algorithm: KeyAlgorithm = .p256,
        name: String = "CN=Example Root, O=Example",
        days: Int = 3650,
        _ change: (inout AuthorityTerms) throws -> Void = { _ in }
    ) throws -> Issuer {
        var terms = AuthorityTerms(subject: try DirectoryName(parsing: name).encoded, validityDays: days)
        try change(&terms)
        let key = TestIssuer.key(algorithm)
        return try Issuer(
            certificate: try RootAuthority.make(terms: terms, key: key, serialNumber: [1], now: Self.now),
            key: key
        )
    }

    /// The key of a CA below the root.
    static let key = TestKeys.registrationAuthority
    /// And of one below that.
    static let lowerKey = TestKeys.nextRegistrationAuthority
}

extension Issuer {
    /// A CA below this one.
    func subordinate(
        _ name: String = "CN=Example Issuing CA, O=Example",
        key: any AuthorityKey = TestHierarchy.key,
        days: Int = 365,
        _ change: (inout AuthorityTerms) throws -> Void = { _ in }
    ) throws -> Issuer {
        var terms = AuthorityTerms(subject: try DirectoryName(parsing: name).encoded, validityDays: days)
        try change(&terms)
        let issued = try self.issueAuthority(
            terms,
            publicKey: key.publicKey,
            serialNumber: [2],
            now: TestHierarchy.now
        )
        return try Issuer(certificate: issued.encoded, key: key)
    }

    /// The code with which a CA below is refused; nil where it is issued.
    func refusal(
        ofSubordinate name: String = "CN=Example Issuing CA, O=Example",
        days: Int = 365,
        _ change: (inout AuthorityTerms) throws -> Void = { _ in }
    ) throws -> IssuanceError.Code? {
        do {
            _ = try self.subordinate(name, days: days, change)
            return nil
        } catch let error as IssuanceError {
            return error.code
        }
    }
}

extension AuthorityNameConstraints {
    /// Constraints in their notation.
    init(_ permitted: [String], excluded: [String] = []) throws {
        self.init(
            permitted: try permitted.map(NameSubtree.init(parsing:)),
            excluded: try excluded.map(NameSubtree.init(parsing:))
        )
    }
}
