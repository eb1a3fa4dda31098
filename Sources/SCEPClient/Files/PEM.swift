import Foundation
import SCEP
import SwiftASN1

/// The blocks of a PEM file (RFC 7468), read more leniently than they are written.
public struct PEM: Hashable, Sendable {
    /// What the block says that it is: `CERTIFICATE`, `PRIVATE KEY`.
    public let label: String
    /// The content.
    public let bytes: [UInt8]

    /// Makes a block.
    public init(_ label: String, _ bytes: [UInt8]) {
        self.label = label
        self.bytes = bytes
    }

    /// The block as text, with a line feed at its end.
    public var text: String { PEMDocument(type: self.label, derBytes: self.bytes).pemString + "\n" }

    /// Reads all blocks of a text; what is around them, and how long their lines are, does not matter.
    ///
    /// - Throws: ``SCEPClientError`` with code `input` for a block that is cut off or not base64.
    public static func blocks(in text: String) throws(SCEPClientError) -> [PEM] {
        var blocks: [PEM] = []
        var open: (label: String, base64: String)?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("-----BEGIN "), line.hasSuffix("-----") {
                open = (String(line.dropFirst(11).dropLast(5)), "")
            } else if let block = open, line.hasPrefix("-----END ") {
                guard let data = Data(base64Encoded: block.base64), !data.isEmpty else {
                    throw SCEPClientError(.input, "The PEM block \(block.label.printable) is not base64.")
                }
                blocks.append(PEM(block.label, Array(data)))
                open = nil
            } else if let block = open {
                guard !line.hasPrefix("Proc-Type:") else {
                    throw SCEPClientError(.input, "The PEM block \(block.label.printable) is protected by a password.")
                }
                open = (block.label, block.base64 + line)
            }
        }
        if let open { throw SCEPClientError(.input, "The PEM block \(open.label.printable) is cut off.") }
        return blocks
    }
}

extension ClientKey {
    /// Reads a private key from a file's content: PEM, or PKCS#8 or PKCS#1 as DER.
    ///
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(file bytes: [UInt8]) throws(SCEPClientError) {
        let blocks = try PEM.blocks(in: String(decoding: bytes, as: UTF8.self))
        guard !blocks.contains(where: { $0.label == "ENCRYPTED PRIVATE KEY" }) else {
            throw SCEPClientError(
                .input,
                "The private key is protected by a password; take it off with: openssl pkey -in FILE -out NEW-FILE"
            )
        }
        let key = blocks.first { $0.label.hasSuffix("PRIVATE KEY") }
        guard key != nil || blocks.isEmpty else {
            throw SCEPClientError(.input, "The file has no private key, only \(blocks[0].label.printable).")
        }
        try self.init(derEncoded: key?.bytes ?? bytes)
    }

    /// The key as PEM: a secret.
    public var pem: String { PEM("PRIVATE KEY", self.pkcs8).text }
}

extension PEM {
    /// Reads what a file holds, as PEM with some label or as DER.
    ///
    /// - Parameters:
    ///   - bytes: The file's content.
    ///   - labels: The labels that are looked for.
    /// - Returns: The content of each block with one of the labels; the file itself where it is no PEM.
    /// - Throws: ``SCEPClientError`` with code `input`.
    public static func contents(of bytes: [UInt8], labelled labels: [String]) throws(SCEPClientError) -> [[UInt8]] {
        let blocks = try Self.blocks(in: String(decoding: bytes, as: UTF8.self))
        if blocks.isEmpty { return [bytes] }
        let found = blocks.filter { labels.contains($0.label) }
        guard !found.isEmpty else {
            throw SCEPClientError(
                .input,
                "The file has no \(labels[0]), only \(blocks.map(\.label.printable).joined(separator: ", "))."
            )
        }
        return found.map(\.bytes)
    }
}
