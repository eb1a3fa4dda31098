import CertificateAuthority
import CryptographicMessageSyntax
import Foundation

extension ValueKind where Value == [UInt8] {
    /// A PKCS#10 request, as PEM or as base64 of its DER; read, it is DER.
    static let requestFile = ValueKind(
        schema: .string(lengths: 1...200_000), encode: { .string(PEMChunks.text($0, label: "CERTIFICATE REQUEST")) },
        decode: { value throws(ValueProblem) in
            let text = try ValueKind<String>.text(1...200_000).decode(value)
            // Nothing else is looked into: what is encrypted, and so takes time to open, is none.
            guard let encoded = Self.requestBytes(text) else {
                throw ValueProblem(reason: "one PKCS#10 request is expected, as PEM or as base64 of DER")
            }
            do throws(CMSError) {
                return try CertificationRequest(encoded: encoded).encoded
            } catch {
                throw ValueProblem(reason: "it is no PKCS#10 request: \(error.reason)")
            }
        })

    /// The DER in the PEM block of a request, or in base64 without one; nil where there is none, or several.
    private static func requestBytes(_ text: String) -> [UInt8]? {
        var content = Substring(text)
        if text.contains("-----BEGIN") {
            let blocks = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"].flatMap { label in
                text.ranges(of: "-----BEGIN \(label)-----").compactMap { start -> Substring? in
                    let rest = text[start.upperBound...]
                    return rest.range(of: "-----END \(label)-----").map { rest[..<$0.lowerBound] }
                }
            }
            guard blocks.count == 1, let block = blocks.first else { return nil }
            content = block
        }
        return Data(base64Encoded: content.filter { !$0.isWhitespace }).map(Array.init)
    }

    /// What is in a file that somebody sends: PEM as it is, everything else as base64.
    static func file(_ value: JSONValue, password: String?) throws(ValueProblem) -> KeyFile {
        guard let text = value.text, !text.isEmpty else { throw ValueProblem(reason: "it has to be a text") }
        let bytes: [UInt8]
        if text.contains("-----BEGIN") {
            bytes = Array(text.utf8)
        } else {
            let joined = text.filter { !$0.isWhitespace }
            guard let data = Data(base64Encoded: joined) else {
                throw ValueProblem(reason: "it has to be PEM, or base64 of DER")
            }
            bytes = Array(data)
        }
        do throws(KeyFileError) {
            return try KeyFile(bytes, password: password)
        } catch {
            throw ValueProblem(reason: error.reason)
        }
    }
}
