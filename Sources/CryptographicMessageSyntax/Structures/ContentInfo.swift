import SwiftASN1

/// The outermost structure of every CMS message.
///
/// ```
/// ContentInfo ::= SEQUENCE {
///     contentType  ContentType,
///     content      [0] EXPLICIT ANY DEFINED BY contentType }
/// ```
/// RFC 5652 §3.
enum ContentInfo {
    /// Reads a ContentInfo and hands its content to a closure.
    ///
    /// - Throws: ``CMSError``: `unexpectedContent` where it is of another type.
    static func read<T>(
        _ bytes: [UInt8],
        expecting expected: ASN1ObjectIdentifier,
        named name: String,
        _ read: (ASN1Node) throws -> T
    ) throws(CMSError) -> T {
        try decodeBER(bytes[...], as: "CMS ContentInfo") { root in
            var nodes = try root.children(tagged: .sequence, of: "ContentInfo")
            let type = try ASN1ObjectIdentifier(berEncoded: try nodes.require("contentType"))
            guard type == expected else {
                throw CMSError(.unexpectedContent, "the content type is \(type), not \(name)")
            }
            var content = try nodes.require("content").children(tagged: .context(0), of: "content")
            return try read(try content.require("content"))
        }
    }

    /// Wraps a structure into a ContentInfo, as DER.
    static func encode(
        _ type: ASN1ObjectIdentifier,
        _ write: (inout DERWriter) -> Void
    ) -> [UInt8] {
        DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.append(type)
                coder.appendConstructed(.context(0)) { write(&$0) }
            }
        }
    }
}
