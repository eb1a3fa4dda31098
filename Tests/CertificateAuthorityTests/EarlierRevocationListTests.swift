import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The entries of an earlier CRL")
struct EarlierRevocationListTests {
    static let now = TestIssuer.now
    static let entries = OpenSSLRevocationTests.entries + RevocationListHeaderTests.entries(300)

    static func list(_ entries: [RevokedCertificate]) throws -> RevocationListEntries {
        var list = RevocationListEntries()
        for entry in entries { try list.append(entry) }
        return list
    }

    @Test("are taken over as they are", arguments: [0, 1, 2, 3, 4, 303])
    func takeOver(count: Int) throws {
        let entries = Array(Self.entries.prefix(count))
        let taken = try RevocationListEntries(of: try RevocationListTests.make(entries))
        #expect(taken.count == count)
        #expect(taken.octets == (try Self.list(entries).octets))
    }

    @Test("are followed by new ones")
    func append() throws {
        var taken = try RevocationListEntries(of: try RevocationListTests.make(Array(Self.entries.prefix(100))))
        for entry in Self.entries[100...] { try taken.append(entry) }
        #expect(taken.count == Self.entries.count)
        let list = try TestIssuer.make()
            .revocationList(number: 2, entries: taken, thisUpdate: Self.now, nextUpdate: Self.now + 60)
        let expected = try RevocationListTests.entries(try RevocationListTests.make(Self.entries))
        #expect(try RevocationListTests.entries(list) == expected)
    }

    @Test("are taken over where there is no version, nextUpdate or extensions")
    func bare() throws {
        let tree = try RevocationListHeaderTests.tree()
        let bare = tree.removing([0, 6]).removing([0, 4]).removing([0, 0])
        #expect(try RevocationListEntries(of: bare.der).count == 2)
    }

    static let removals: [[Int]] = [
        [], [0], [2], [302], [0, 1, 2], [1, 302], [5, 6, 7, 100, 101, 300, 301, 302], Array(0..<303),
        Array(stride(from: 0, to: 303, by: 2)),
    ]

    @Test("are removed by serial number, and the others stay", arguments: removals)
    func remove(places: [Int]) throws {
        var list = try Self.list(Self.entries)
        let numbers = Set(places.map { Self.entries[$0].serialNumber })
        #expect(list.remove(serialNumbers: numbers) == places.count)
        let rest = Self.entries.enumerated().filter { !places.contains($0.offset) }.map(\.element)
        #expect(list.count == rest.count)
        #expect(list.octets == (try Self.list(rest).octets))
        #expect(list.remove(serialNumbers: numbers) == 0)
        try list.append(Self.entries[0])
        #expect(list.count == rest.count + 1)
    }

    @Test(
        "are not removed where only a part of the number is the same", arguments: [[0x01], [0x11, 0x00], [], [0xfe]])
    func others(number: [UInt8]) throws {
        var list = try Self.list(Self.entries)
        #expect(list.remove(serialNumbers: [number, [0x7f]]) == 0)
        #expect(list.count == Self.entries.count)
    }

    @Test("leave the list that they were copied from as it is")
    func copies() throws {
        let list = try Self.list(Self.entries)
        var copy = list
        copy.remove(serialNumbers: [[0x11]])
        #expect(list.count == copy.count + 1)
        #expect(list.octets == (try Self.list(Self.entries).octets))
    }

    static let wrong: [(String, @Sendable (inout ASN1Tree) -> Void)] = [
        ("the tag of an entry", { $0[0, 5, 1].tag = 0x31 }),
        ("the tag of a number", { $0[0, 5, 1, 0].tag = 0x04 }),
        ("an empty number", { $0[0, 5, 1, 0].octets = [] }),
        ("the tag of a time", { $0[0, 5, 1, 1].tag = 0x13 }),
        ("a short time", { $0[0, 5, 1, 1].octets.removeLast() }),
        ("a UTCTime as GeneralizedTime", { $0[0, 5, 1, 1].tag = 0x18 }),
        ("no time", { $0 = $0.removing([0, 5, 1, 2]).removing([0, 5, 1, 1]) }),
        ("the tag of the extensions", { $0[0, 5, 1, 2].tag = 0x31 }),
        ("something behind the extensions", { $0[0, 5, 1].children.append(ASN1Tree(tag: 0x05, octets: [])) }),
        ("an empty entry", { $0[0, 5, 1].children = [] }),
        ("the tag of the list", { $0[0, 5].tag = 0x31 }),
        ("something behind the list", { $0[0].children.append(ASN1Tree(tag: 0x05, octets: [])) }),
        ("something behind the signature", { $0.tag = 0x31 }),
    ]

    @Test("are not taken over where something is wrong", arguments: wrong.indices)
    func wrongParts(index: Int) throws {
        var tree = try RevocationListHeaderTests.tree()
        Self.wrong[index].1(&tree)
        let error = #expect(throws: CMSError.self, "\(Self.wrong[index].0)") { try RevocationListEntries(of: tree.der) }
        #expect(error?.code == .malformed)
    }

    @Test("are not taken over from what is cut short")
    func truncated() throws {
        let encoded = try RevocationListTests.make(Self.entries)
        for count in stride(from: 0, to: encoded.count, by: 7) {
            #expect(throws: CMSError.self) { try RevocationListEntries(of: Array(encoded.prefix(count))) }
        }
        #expect(throws: CMSError.self) { try RevocationListEntries(of: encoded + [0]) }
    }

    @Test("with any byte changed never trap, and are removed without a trap")
    func mutated() throws {
        let encoded = try RevocationListTests.make(Array(Self.entries.prefix(3)))
        for index in encoded.indices {
            for value in UInt8.min...UInt8.max {
                var changed = encoded
                changed[index] = value
                guard var list = try? RevocationListEntries(of: changed) else { continue }
                let count = list.count
                #expect(list.remove(serialNumbers: [[0x11], [0x00, 0xfe, 0xdc]]) <= count)
                try list.append(Self.entries[0])
            }
        }
    }

    @Test("of which each is found are all of a large list")
    func large() throws {
        let entries = RevocationListHeaderTests.entries(20_000)
        var list = try RevocationListEntries(of: try RevocationListTests.make(entries))
        let odd = stride(from: 1, to: entries.count, by: 2).map { entries[$0].serialNumber }
        #expect(list.remove(serialNumbers: Set(odd)) == 10_000)
        #expect(list.octets == (try Self.list(stride(from: 0, to: entries.count, by: 2).map { entries[$0] }).octets))
    }
}
