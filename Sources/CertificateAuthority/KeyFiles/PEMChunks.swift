public import Foundation

/// The PEM text of something large, a piece at a time (RFC 7468).
///
/// The text of a CRL of 50 MB has 68 MB; whoever sends it a piece at a time has only the CRL in memory.
public struct PEMChunks: Sequence, IteratorProtocol, Sendable {
    /// How many bytes of DER go into one piece: whole lines of 48 bytes.
    private static let chunkSize = 48 * 1024

    private let encoded: [UInt8]
    private let label: String
    private var position = 0
    private var isOver = false

    /// Makes the text of one block.
    ///
    /// - Parameters:
    ///   - encoded: The DER.
    ///   - label: What it is: `X509 CRL`, `CERTIFICATE`.
    public init(_ encoded: [UInt8], label: String) {
        self.encoded = encoded
        self.label = label
    }

    /// How many bytes the whole text has, for Content-Length.
    public var byteCount: Int {
        let base64 = (self.encoded.count + 2) / 3 * 4
        return self.begin.utf8.count + base64 + (base64 + 63) / 64 + self.end.utf8.count
    }

    private var begin: String { "-----BEGIN \(self.label)-----\n" }
    private var end: String { "-----END \(self.label)-----\n" }

    /// The next piece of the text, as ASCII; nil behind the last one.
    public mutating func next() -> Data? {
        guard !self.isOver else { return nil }
        var text = Data(self.position == 0 ? self.begin.utf8 : "".utf8)
        let end = Swift.min(self.position + Self.chunkSize, self.encoded.count)
        if self.position < end {
            text += Data(self.encoded[self.position..<end])
                .base64EncodedData(options: [.lineLength64Characters, .endLineWithLineFeed])
            text.append(UInt8(ascii: "\n"))
        }
        self.position = end
        self.isOver = end == self.encoded.count
        if self.isOver { text += Data(self.end.utf8) }
        return text
    }
}

extension PEMChunks {
    /// The whole text, for what is small.
    ///
    /// - Parameters:
    ///   - encoded: The DER.
    ///   - label: What it is.
    /// - Returns: The block, with a line feed at its end.
    public static func text(_ encoded: [UInt8], label: String) -> String {
        PEMChunks(encoded, label: label).map { String(decoding: $0, as: UTF8.self) }.joined()
    }
}
