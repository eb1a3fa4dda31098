import Crypto
import CryptoExtras
import Foundation

/// The least that an enrolment costs when everything is RSA-2048: the RA decrypts the request's key and signs the
/// answer, the CA signs the certificate (three private operations), the client's two signatures are verified, and the
/// answer's key is encrypted.
struct Bound {
    let privatePerSecond: Double
    let verifyPerSecond: Double
    let encryptPerSecond: Double

    var perSecond: Double {
        1 / (3 / self.privatePerSecond + 2 / self.verifyPerSecond + 1 / self.encryptPerSecond)
    }

    var description: String {
        "RSA-2048, one core        private \(Int(self.privatePerSecond))/s, verify \(Int(self.verifyPerSecond))/s, "
            + "encrypt \(Int(self.encryptPerSecond))/s"
    }

    static func measure() throws -> Bound {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let encryption = try _RSA.Encryption.PublicKey(derRepresentation: key.publicKey.derRepresentation)
        let digest = SHA256.hash(data: [1, 2, 3])
        let signature = try key.signature(for: digest, padding: .insecurePKCS1v1_5)
        let secret = [UInt8](repeating: 7, count: 16)
        return Bound(
            privatePerSecond: try Self.rate { _ = try key.signature(for: digest, padding: .insecurePKCS1v1_5) },
            verifyPerSecond: try Self.rate {
                guard key.publicKey.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5) else {
                    throw BenchmarkError("a signature does not verify")
                }
            },
            encryptPerSecond: try Self.rate {
                _ = try encryption.encrypt(secret, padding: ._WEAK_AND_INSECURE_PKCS_V1_5)
            }
        )
    }

    /// Measures on the server's core, while the server has nothing to do.
    static func onServersCore() throws -> Double {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = ["-c", "\(Core.server)", CommandLine.arguments[0], "--bound"]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard let rate = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchmarkError("the bound was not measured")
        }
        return rate
    }

    private static func rate(_ operation: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        var count = 0
        while ContinuousClock.now - start < .seconds(1) {
            for _ in 0..<20 { try operation() }
            count += 20
        }
        return Double(count) / ((ContinuousClock.now - start) / .seconds(1))
    }
}

/// Why the benchmark has no result.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
