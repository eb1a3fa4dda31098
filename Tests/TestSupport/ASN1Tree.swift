import SwiftASN1

/// An ASN.1 element that a test takes apart, changes and writes again, as DER or as the BER that phones send.
package struct ASN1Tree: Hashable, Sendable {
    /// The identifier octet; the messages of the tests have no longer tags.
    package var tag: UInt8
    /// The content octets of a primitive element.
    package var octets: [UInt8] = []
    /// The elements inside a constructed one.
    package var children: [ASN1Tree] = []

    /// How an element is written, where it can be written so.
    package enum Form: Hashable, Sendable {
        /// With its length, as DER has it.
        case definite
        /// With an indefinite length.
        case indefinite
        /// A string in pieces of a number of bytes, with an indefinite length.
        case chunked(Int)
    }

    package init(tag: UInt8, octets: [UInt8]) {
        self.tag = tag
        self.octets = octets
    }

    package init(tag: UInt8, children: [ASN1Tree]) {
        self.tag = tag
        self.children = children
    }

    package init(_ encoded: [UInt8]) throws {
        self.init(node: try BER.parse(encoded))
    }

    private init(node: ASN1Node) {
        self.tag = node.encodedBytes.first ?? 0
        switch node.content {
        case .primitive(let octets): self.octets = Array(octets)
        case .constructed(let nodes): self.children = nodes.map(ASN1Tree.init(node:))
        }
    }

    package var isConstructed: Bool { self.tag & 0x20 != 0 }

    /// An element inside.
    package subscript(_ path: Int...) -> ASN1Tree {
        get { self[path[...]] }
        set { self[path[...]] = newValue }
    }

    private subscript(_ path: ArraySlice<Int>) -> ASN1Tree {
        get { path.first.map { self.children[$0][path.dropFirst()] } ?? self }
        set {
            if let first = path.first { self.children[first][path.dropFirst()] = newValue } else { self = newValue }
        }
    }

    /// The element as DER, with the elements of a SET in the order in which they are.
    package var der: [UInt8] { self.encoded { _ in .definite } }

    /// The element with some elements written as BER.
    ///
    /// - Parameters:
    ///   - path: Where the element itself is in a larger one.
    ///   - form: How to write the element with a path.
    /// - Returns: The encoding.
    package func encoded(at path: [Int] = [], _ form: ([Int]) -> Form) -> [UInt8] {
        let inner =
            self.isConstructed
            ? self.children.enumerated().flatMap { $1.encoded(at: path + [$0], form) }
            : self.octets
        switch form(path) {
        case .indefinite where self.isConstructed:
            return [self.tag, 0x80] + inner + [0, 0]
        case .chunked(let size) where !self.isConstructed:
            let pieces = stride(from: 0, to: inner.count, by: size).flatMap { start in
                ASN1Tree(tag: 0x04, octets: Array(inner[start..<min(start + size, inner.count)])).der
            }
            return [self.tag | 0x20, 0x80] + pieces + [0, 0]
        default:
            return [self.tag] + Self.length(inner.count) + inner
        }
    }

    /// The paths of all elements, this one first.
    package var paths: [[Int]] {
        [[]] + self.children.enumerated().flatMap { number, child in child.paths.map { [number] + $0 } }
    }

    /// The element without one of those inside.
    package func removing(_ path: [Int]) -> ASN1Tree {
        guard let first = path.first else { return self }
        var tree = self
        if path.count == 1 {
            tree.children.remove(at: first)
        } else {
            tree.children[first] = tree.children[first].removing(Array(path.dropFirst()))
        }
        return tree
    }

    /// A length in as few octets as possible.
    package static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        let octets = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> $0) }
            .drop { $0 == 0 }
        return [0x80 | UInt8(octets.count)] + octets
    }
}
