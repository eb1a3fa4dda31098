package import SwiftASN1

/// Reads an ASN.1 structure from bytes that nobody has checked.
///
/// - Parameters:
///   - bytes: BER, with possibly some bytes behind it, which are ignored: some clients pad their messages.
///   - what: The name of the structure, for the error.
///   - read: Reads the structure from the root node.
/// - Returns: What the closure returned.
/// - Throws: ``CMSError``: the ASN.1 parser's errors become `malformed` with the structure's name.
package func decodeBER<T>(
    _ bytes: ArraySlice<UInt8>,
    as what: String,
    _ read: (ASN1Node) throws -> T
) throws(CMSError) -> T {
    let length = try BERBounds.lengthOfFirstElement(in: bytes)
    do {
        return try read(try BER.parse(bytes.prefix(length)))
    } catch let error as CMSError {
        throw error
    } catch {
        throw CMSError(.malformed, "not a \(what): \(error)")
    }
}

extension ASN1Node {
    /// The nodes inside a constructed node.
    ///
    /// - Throws: ``CMSError`` with code `malformed` where the node is something else.
    package func children(
        tagged identifier: ASN1Identifier,
        of what: String
    ) throws(CMSError) -> ASN1NodeCollection.Iterator {
        guard self.identifier == identifier, case .constructed(let nodes) = self.content else {
            throw CMSError(.malformed, "\(what) has tag \(self.identifier), not \(identifier)")
        }
        return nodes.makeIterator()
    }

    /// The whole encoding of the node as it was received.
    package var bytes: [UInt8] { Array(self.encodedBytes) }
}

extension ASN1NodeCollection.Iterator {
    /// The next node, which has to be there.
    ///
    /// - Throws: ``CMSError`` with code `malformed`.
    package mutating func require(_ what: String) throws(CMSError) -> ASN1Node {
        guard let node = self.next() else { throw CMSError(.malformed, "\(what) is missing") }
        return node
    }

    /// The next node if it has the tag, otherwise nil, and the iterator stays where it is.
    package mutating func next(tagged identifier: ASN1Identifier) -> ASN1Node? {
        var copy = self
        guard let node = copy.next(), node.identifier == identifier else { return nil }
        self = copy
        return node
    }

    /// What is inside the next node if that has an explicit context-specific tag; otherwise nil, and the iterator
    /// stays where it is.
    ///
    /// - Throws: ``CMSError`` with code `malformed` where nothing is inside.
    mutating func next(explicitly number: UInt, as what: String) throws(CMSError) -> ASN1Node? {
        guard let node = self.next(tagged: .context(number)) else { return nil }
        var inner = try node.children(tagged: .context(number), of: what)
        return try inner.require(what)
    }
}

extension ASN1Identifier {
    /// A context-specific tag.
    package static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}
