import Testing

@testable import AdminUI

@Suite("QR codes")
struct QRCodeTests {
    /// A symbol that another implementation has made (the Python package qrcode): its modules row by row, four in a digit.
    struct Vector: Sendable, CustomTestStringConvertible {
        var text: String
        var version: Int
        var mask: Int
        var modules: String

        var testDescription: String { "version \(self.version), mask \(self.mask)" }
    }

    static let vectors = [
        Vector(
            text: "UCM", version: 1, mask: 0,
            modules: """
                fe53fc14d06e94bb74c5dbaeaec11507faafe00f00aa70950b12aafa360a040566ab806a93f9ddf043b9bad72dd311ae\
                a22304046feeab8
                """),
        Vector(
            text: "otpauth://totp/UCM", version: 2, mask: 3,
            modules: """
                febdbfc174506e85ebb75d25dba16aec131107faaafe01dd00b73e25a4acc280f0ac1836edc3b506f884a9458d2b7d18\
                9a5226f0fe8066c77fa62a705531bba5cfc5d77bceebf5a50482ecfeaa4f8
                """),
        Vector(
            text: "otpauth://totp/UCM:ada?secret=JBSWY3DPEHPK3PXP&issuer=UCM", version: 4, mask: 5,
            modules: """
                fe3ce03fc17030506ea2eb0bb7565c05dba2f9e2ec12994507faaaaafe01f7110082e2e0676ab3a9a7f4fbe314cd0b90\
                29faad55a399e182e0be7cb728d4495d031eb605469fea99cd999499f677b6152202d038b1a406cb319fc2bd99b9dd6b\
                4327e6d7ea14f90042dac53f977b6bd041b031cba1f1afcdd031d8dee85549270485252cfe8c47830
                """),
        Vector(
            text:
                "otpauth://totp/UCM:ada@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=UCM&algorithm=SHA1&digits=6&period=30",
            version: 7, mask: 6,
            modules: """
                feacee778bfc14f6bc0c906ea336e6b4bb7491cffbb5dbaf59ff2baec112f4758107faaaaaaaafe0087f1d2f009fadbf\
                8e14bf43ff7b317d81fdc3e679078a24ff8ee17435534a8b0c2e50c311adca5b36eb741f8098137aa5d517913261b61f\
                6cbd82d3e6969fffeaadfb73231aec8bcef8effec6f864608477fc726b782a09ebe31e591adb151fca0ff98f87e39911\
                be7aaaf1bf994211bb25c729c6ea60239a3dedd85c93e35cfcbc077ca44a2e9ddfb5c28dbbc6530e60bfe34f8bfbfec2\
                855369c58ef018d95916f9a3b2faabf98052f45d245bfa4e6bf12ad05587157d1fbabe0fe1cfddd5f312931cee8a847e\
                57ab044361dff47fed503d828c0
                """),
        Vector(
            text:
                "otpauth://totp/UCM:somebody.with.a.very.long.name@department.of.a.large.organisation.example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=UCM&algorithm=SHA1&digits=6&period=30",
            version: 10, mask: 7,
            modules: """
                fe3c1bfeebff3fc116237b92fc906e8aff6d801acbb7425cbcd046a5dba6e47ff5afd2ec16c75d1123d107faaaaaaaaa\
                aafe000b5944fba20096eb3d3f6bc550084c3e0c66e204e3a8461e753689bd107c3600fc2ba4680bb94b19e7d0e05698\
                8de192c53c118b4b15d0adc966b6bdb976306e0adb32bb4e32b6dafb9e05e4928882d526c21e3230135bcbbef18c16a4\
                9d03b2b3759609843aa05c88183ddcde1c3e391220bd5d7513093b1ec77e1abc9b3cd28d5b0a9a43a853ecd0bf80d4be\
                4b11ffbc476671b5ae2d46abd67a86c6a17115528c5afe436efca5d3ef63f26fcc829c7373b915837fb395de662579a0\
                e0ab73e59985eafaaed19b2936631a77b4fdf775bdafed6bc5cd42e564f76f4ac012ee0d9378330a9fa31859d0abb93d\
                caca0ea860c0ceaa0b283257b63cd6e9b318f705a4c74bf3040770afb19adb1c1644eb833cc4581e9d456210d10487f2\
                3b6ab09d92ea03c42b3efeeaf90075be31b0c9c67f833a5afaf86ad054adec4635912ba1183beb00cf85d5a1a1fc5b09\
                4ee98bdfe15eb7eb0451b2d17bb210fef7fd4c6f953f0
                """),
    ]

    @Test("are those of another implementation, module by module", arguments: vectors)
    func modules(_ vector: Vector) throws {
        let mask = try #require(QRMask(rawValue: vector.mask))
        let code = try #require(QRCode(vector.text, mask: mask))
        #expect(code.rows.count == 17 + 4 * vector.version)
        let bits = code.rows.joined().map { $0 }
        let digits = stride(from: 0, to: bits.count, by: 4).map { start in
            (0..<4).reduce(0) { $0 << 1 | (start + $1 < bits.count && bits[start + $1] ? 1 : 0) }
        }
        #expect(digits.map { String($0, radix: 16) }.joined() == vector.modules)
    }

    @Test("have the codewords of the standard's example")
    func correction() {
        let data: [UInt8] = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17]
        #expect(ReedSolomon.correction(of: data, count: 10) == [196, 35, 39, 119, 235, 215, 231, 226, 93, 23])
    }

    @Test("say level, mask and version as the standard's tables do")
    func information() {
        #expect(QRSymbol.formatBits(.chequered) == 0b101_0100_0001_0010)
        #expect(QRSymbol.formatBits(.crosses) == 0b100_0000_1100_1110)
        #expect(QRSymbol.versionBits(7) == 0b00_0111_1100_1001_0100)
    }

    @Test("take the smallest version in which the text fits")
    func sizes() throws {
        for version in QRVersion.all {
            let full = try #require(QRCode(String(repeating: "x", count: version.capacity)))
            #expect(full.rows.count == version.size)
            let more = QRCode(String(repeating: "x", count: version.capacity + 1))
            #expect(more?.rows.count == (version.number == 10 ? nil : version.size + 4))
        }
        #expect(QRVersion.all.map(\.capacity) == [14, 26, 42, 62, 84, 106, 122, 152, 180, 213])
    }

    @Test("are masked so that a symbol of one colour is worse than any other")
    func masks() throws {
        let code = try #require(QRCode("otpauth://totp/UCM"))
        let chosen = QRMask.penalty(code.rows)
        for mask in QRMask.allCases {
            let other = try #require(QRCode("otpauth://totp/UCM", mask: mask))
            #expect(QRMask.penalty(other.rows) >= chosen)
        }
        #expect(QRMask.penalty(code.rows.map { $0.map { _ in true } }) > chosen)
    }
}
