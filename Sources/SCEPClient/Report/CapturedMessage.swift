import SCEP

/// A message as somebody has captured it.
public enum CapturedMessage {
    /// The bytes of a message: DER or BER as it is, PEM with any label, base64 with or without line breaks, or the URL or
    /// query of a GET.
    ///
    /// - Parameter file: The content of the file.
    /// - Returns: The message.
    /// - Throws: ``SCEPClientError`` with code `input`.
    public static func bytes(in file: [UInt8]) throws(SCEPClientError) -> [UInt8] {
        guard !file.isEmpty else { throw SCEPClientError(.input, "The file is empty.") }
        // The tag of a SEQUENCE, which is also a "0". No text looked for here begins so: base64 of a SEQUENCE has an M.
        guard file.first != 0x30 else { return file }
        let text = String(decoding: file, as: UTF8.self)
        if let block = try PEM.blocks(in: text).first { return block.bytes }
        let words = text.split(whereSeparator: \.isWhitespace)
        // The line of an access log, a URL or its query.
        for word in words where word.contains("message=") {
            let query = word.split(separator: "?").last ?? word
            return try self.message(of: query.split(separator: "#").first ?? query)
        }
        return (try? self.message(of: "operation=PKIOperation&message=\(words.joined())")) ?? file
    }

    private static func message(of query: Substring) throws(SCEPClientError) -> [UInt8] {
        do throws(SCEPError) {
            if case .pkiOperation(let bytes) = try Operation(query: String(query), body: nil) { return bytes }
        } catch {
            throw SCEPClientError(.input, "The message in the URL cannot be read: \(error.reason).")
        }
        throw SCEPClientError(.input, "The URL is not that of a PKIOperation, so it has no message.")
    }
}
