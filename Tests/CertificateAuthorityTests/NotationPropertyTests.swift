import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("What somebody writes")
struct NotationPropertyTests {
    static let seeds = [
        ##"CN={CN}, OU=Devices, O=Example\, Corp"##, ##"CN={DNS?}, E={email}, 1.2.3.4=a\ "##,
        ##"C=DE, O=\#a\C3\A4, L=a\=b"##,
        "requested", "DNS:example.com", "email:anna@example.com", "URI:.example.com", "IP:10.0.0.0/8",
        "IP:2001:db8::/32",
        ##"dir:O=Example\, Inc., C=DE"##, "email:.example.com",
    ]

    /// What joins with its neighbours, separates, or is taken for something else.
    static let pieces: [String] = [
        ",", "=", "\\", "{", "}", "?", " ", ".", "@", "/", ":", "#", "+", "\"", "\u{301}", "\u{0d4e}", "\u{200d}",
        "\u{1f1e9}", "e", "É", "\\CC\\81", "\\E0\\B5\\8E", "\\,", "\\{", "\u{0}", "0", "DNS", "dir:", "{CN?}", ", O=a",
    ]

    func check<Notation: PolicyNotation>(_: Notation.Type, _ text: String) {
        do throws(PolicySyntaxError) {
            let read = try Notation(parsing: text)
            let again = try? Notation(parsing: read.description)
            #expect(again == read && again?.description == read.description, "\(text.debugDescription) became \(read)")
        } catch {
            #expect(
                (0...text.count).contains(error.offset) && !error.reason.isEmpty, "\(text.debugDescription): \(error)")
        }
    }

    @Test("is read as the same again, or says where it is wrong", arguments: [1, 2, 3, 4] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var characters = Array(try #require(Self.seeds.randomElement(using: &random)))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0...characters.count, using: &random)
                if Bool.random(using: &random), index < characters.count {
                    characters.remove(at: index)
                } else {
                    characters.insert(
                        contentsOf: Array(try #require(Self.pieces.randomElement(using: &random))), at: index)
                }
            }
            let text = String(characters)
            self.check(SubjectPolicy.self, text)
            self.check(DirectoryName.self, text)
            self.check(NameSubtree.self, text)
        }
    }
}
