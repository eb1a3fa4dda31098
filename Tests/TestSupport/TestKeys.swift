package import CertificateAuthority
package import CryptographicMessageSyntax

/// Keys that all tests share, because making RSA keys is slow in a debug build.
package enum TestKeys {
    package static let device = Self.make(2048)
    package static let otherDevice = Self.make(2048)
    package static let smallDevice = Self.make(1024)
    package static let registrationAuthority = Self.software(.rsa2048)
    package static let certificateAuthority = Self.software(.rsa2048)

    private static func make(_ bits: Int) -> RSAPrivateKey {
        do { return try RSAPrivateKey(bits: bits) } catch { preconditionFailure("no test key: \(error)") }
    }

    private static func software(_ algorithm: KeyAlgorithm) -> SoftwareKey {
        do { return try SoftwareKey.generate(algorithm) } catch { preconditionFailure("no test key: \(error)") }
    }
}
