import CryptoExtras
import Synchronization

/// What swift-crypto makes of a public RSA key, made when it is first asked for and kept with the key.
///
/// Reading a key and preparing its modulus costs as much as using it, and an enrolment uses the same key three times:
/// for the message's signature, for the request's, and to encrypt the answer.
final class PublicRSAKeys: Sendable {
    /// swift-crypto does not declare its encryption key Sendable although it is as immutable as the signing key.
    private struct Keys: @unchecked Sendable {
        var signing: _RSA.Signing.PublicKey?
        var encryption: _RSA.Encryption.PublicKey?
    }

    private let keys = Mutex(Keys())

    /// The key that verifies.
    ///
    /// - Parameter make: Makes it where this is the first time.
    /// - Returns: The key.
    /// - Throws: What making it throws.
    func signing(_ make: () throws -> _RSA.Signing.PublicKey) rethrows -> _RSA.Signing.PublicKey {
        if let key = self.keys.withLock({ $0.signing }) { return key }
        let key = try make()
        self.keys.withLock { $0.signing = key }
        return key
    }

    /// The key that encrypts.
    ///
    /// - Parameter make: Makes it where this is the first time.
    /// - Returns: The key.
    /// - Throws: What making it throws.
    func encryption(_ make: () throws -> _RSA.Encryption.PublicKey) rethrows -> _RSA.Encryption.PublicKey {
        let kept = self.keys.withLock { $0 }
        if let key = kept.encryption { return key }
        let key = try make()
        let made = Keys(signing: kept.signing, encryption: key)
        self.keys.withLock { $0.encryption = made.encryption }
        return key
    }
}
