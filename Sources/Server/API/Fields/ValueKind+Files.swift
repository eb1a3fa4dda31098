import CertificateAuthority
import Foundation

extension ValueKind where Value == [UInt8] {
    /// A PKCS#10 request, as PEM or as base64 of its DER; read, it is DER.
    static let requestFile = ValueKind(
        schema: .string(lengths: 1...200_000), encode: { .string(PEMChunks.text($0, label: "CERTIFICATE REQUEST")) }
    ) { value throws(ValueProblem) in
        let file = try Self.file(value, password: nil)
        guard file.requests.count == 1, let request = file.requests.first else {
            throw ValueProblem(reason: "one PKCS#10 request is expected in it, there are \(file.requests.count)")
        }
        return request
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
