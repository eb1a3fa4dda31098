import AdministrationAPI
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

    /// The DER in a text that is PEM, or base64 of PEM or DER; nil where there is no request in it, or several.
    private static func requestBytes(_ text: String) -> [UInt8]? {
        guard !text.contains(Self.beginning) else { return Self.block(text) }
        guard let data = Data(base64Encoded: text.filter { !$0.isWhitespace }) else { return nil }
        guard data.starts(with: Self.beginning.utf8) else { return Array(data) }
        return Self.block(String(decoding: data, as: UTF8.self))
    }

    private static let beginning = "-----BEGIN "

    /// The content of the one PEM block that is a request.
    private static func block(_ text: String) -> [UInt8]? {
        let blocks = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"].flatMap { label in
            text.ranges(of: "\(Self.beginning)\(label)-----").compactMap { start -> Substring? in
                let rest = text[start.upperBound...]
                return rest.range(of: "-----END \(label)-----").map { rest[..<$0.lowerBound] }
            }
        }
        guard blocks.count == 1, let block = blocks.first else { return nil }
        return Data(base64Encoded: block.filter { !$0.isWhitespace }).map(Array.init)
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
