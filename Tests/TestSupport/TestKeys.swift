package import CertificateAuthority
package import CryptographicMessageSyntax

/// Keys that all tests share, because making RSA keys is slow in a debug build.
package enum TestKeys {
    package static let device = Self.make(2048)
    package static let otherDevice = Self.make(2048)
    package static let smallDevice = Self.make(1024)
    package static let registrationAuthority = Self.software(.rsa2048)
    package static let certificateAuthority = Self.software(.rsa2048)
    /// For the RA of the CA that follows.
    package static let nextRegistrationAuthority = Self.software(.rsa2048)

    /// Keys that only sign, one for each curve.
    package static func onCurve(_ curve: EllipticCurve) -> ECPrivateKey {
        switch curve {
        case .p256: self.p256
        case .p384: self.p384
        case .p521: self.p521
        }
    }

    private static let p256 = Self.make(.p256)
    private static let p384 = Self.make(.p384)
    private static let p521 = Self.make(.p521)

    private static func make(_ curve: EllipticCurve) -> ECPrivateKey {
        do { return try ECPrivateKey(curve: curve) } catch { preconditionFailure("no test key: \(error)") }
    }

    private static func make(_ bits: Int) -> RSAPrivateKey {
        do { return try RSAPrivateKey(bits: bits) } catch { preconditionFailure("no test key: \(error)") }
    }

    private static func software(_ algorithm: KeyAlgorithm) -> SoftwareKey {
        do { return try SoftwareKey.generate(algorithm) } catch { preconditionFailure("no test key: \(error)") }
    }
}
