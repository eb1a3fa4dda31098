import CryptographicMessageSyntax

/// A block of a PEM file (RFC 7468), or of one as it was before there was a standard for it (RFC 1421).
struct PEMBlock: Hashable, Sendable {
    /// What the block says that it is: `CERTIFICATE`, `PRIVATE KEY`.
    let label: String
    /// The headers in front of the content: only old encrypted keys have some.
    let headers: [String: String]
    /// The content.
    let content: [UInt8]

    /// How many blocks one file may have.
    static let maximumCount = 1000

    /// Finds all blocks of a text; what is around them, and how long their lines are, does not matter.
    ///
    /// - Throws: ``KeyFileError`` with code `unreadable` for a block that is cut off or not base64, `tooLarge` for too
    ///   many.
    static func blocks(in text: [UInt8]) throws(KeyFileError) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var open: OpenBlock?
        for line in text.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let line = Self.trimmed(line)
            if let label = Self.label(of: line, after: Self.begin) {
                if let open { throw open.isCutOff }
                guard blocks.count < Self.maximumCount else {
                    throw KeyFileError(.tooLarge, "the file has more than \(Self.maximumCount) PEM blocks")
                }
                open = OpenBlock(label: label)
            } else if var block = open {
                // The text of a block is in one place only, so that it is not copied for each line.
                open = nil
                if let label = Self.label(of: line, after: Self.end) {
                    guard label == block.label else { throw block.isCutOff }
                    blocks.append(try block.closed())
                } else {
                    try block.append(line)
                    open = block
                }
            }
        }
        if let open { throw open.isCutOff }
        return blocks
    }

    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)

    private static func label(of line: ArraySlice<UInt8>, after prefix: [UInt8]) -> String? {
        guard line.starts(with: prefix), line.count >= prefix.count + Self.dashes.count,
            line.suffix(Self.dashes.count).elementsEqual(Self.dashes)
        else { return nil }
        return String(decoding: line.dropFirst(prefix.count).dropLast(Self.dashes.count), as: UTF8.self)
    }

    /// A line without white space around it, and without the mark that Windows puts in front of UTF-8.
    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ octet: UInt8) -> Bool { octet == UInt8(ascii: " ") || octet == UInt8(ascii: "\t") }
        var line = line.starts(with: [0xef, 0xbb, 0xbf]) ? line.dropFirst(3) : line
        line = line.drop(while: isSpace)
        while let last = line.last, isSpace(last) { line = line.dropLast() }
        return line
    }
}

/// A block whose end has not been seen yet.
private struct OpenBlock {
    var label: String
    var headers: [String: String] = [:]
    var base64: [UInt8] = []

    private var readableLabel: String { ReadableText.line(self.label, upTo: 60) }

    var isCutOff: KeyFileError {
        KeyFileError(.unreadable, "the PEM block \(self.readableLabel) is cut off: copy the file again")
    }

    private var isNoBase64: KeyFileError {
        KeyFileError(.unreadable, "the PEM block \(self.readableLabel) is not base64: copy the file again")
    }

    mutating func append(_ line: ArraySlice<UInt8>) throws(KeyFileError) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            self.base64 += line.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            return
        }
        guard self.base64.isEmpty else { throw self.isNoBase64 }
        let value = line[colon...].dropFirst().drop { $0 == UInt8(ascii: " ") }
        self.headers[String(decoding: line[..<colon], as: UTF8.self)] = String(decoding: value, as: UTF8.self)
    }

    func closed() throws(KeyFileError) -> PEMBlock {
        guard let content = Base64.decode(self.base64), !content.isEmpty else { throw self.isNoBase64 }
        return PEMBlock(label: self.label, headers: self.headers, content: content)
    }
}
