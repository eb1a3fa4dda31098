import Foundation
import Testing

@testable import Server

@Suite("What is kept of a password")
struct KeptPasswordTests {
    static let cost = PasswordHash.Cost(rounds: 16, blockSize: 1, parallelism: 1)

    @Test("tells it from all others, however its letters are composed")
    func matches() throws {
        let kept = try PasswordHash.make("gehe\u{301}im 🔑", cost: Self.cost)
        let read = try #require(PasswordHash(text: kept.text))
        #expect(read == kept)
        #expect(try read.matches("gehe\u{301}im 🔑"))
        #expect(try read.matches("geh\u{e9}im 🔑"))
        for other in ["", "geheim 🔑", "Gehéim 🔑", "gehéim 🔑 ", "gehéim 🔑\u{1}"] {
            #expect(try !read.matches(other))
        }
        #expect(try PasswordHash.make("", cost: Self.cost).matches(""))
    }

    @Test("that an older version has written is read too")
    func older() throws {
        // RFC 7914 §12: scrypt (P="pleaseletmein", S="SodiumChloride", N=16384, r=8, p=1, dkLen=64), of which all counts.
        let key = Data(
            [
                0x70, 0x23, 0xbd, 0xcb, 0x3a, 0xfd, 0x73, 0x48, 0x46, 0x1c, 0x06, 0xcd, 0x81, 0xfd, 0x38, 0xeb, 0xfd,
                0xa8, 0xfb, 0xba, 0x90, 0x4f, 0x8e, 0x3e, 0xa9, 0xb5, 0x43, 0xf6, 0x54, 0x5d, 0xa1, 0xf2, 0xd5, 0x43,
                0x29, 0x55, 0x61, 0x3f, 0x0f, 0xcf, 0x62, 0xd4, 0x97, 0x05, 0x24, 0x2a, 0x9a, 0xf9, 0xe6, 0x1e, 0x85,
                0xdc, 0x0d, 0x65, 0x1e, 0x40, 0xdf, 0xcf, 0x01, 0x7b, 0x45, 0x57, 0x58, 0x87,
            ]
        ).base64EncodedString()
        let salt = Data("SodiumChloride".utf8).base64EncodedString()
        let kept = try #require(PasswordHash(text: "scrypt$16384$8$1$\(salt)$\(key)"))
        #expect(try kept.matches("pleaseletmein"))
        #expect(try !kept.matches("pleaseletmeout"))
        #expect(kept.cost.work < PasswordHash.Cost.standard.work)
    }

    static let salt = Data(repeating: 1, count: 16).base64EncodedString()
    static let key = Data(repeating: 2, count: 32).base64EncodedString()
    static let senseless = [
        "", "$", "scrypt", "$$$$$", "scrypt$$$$$", "bcrypt$16$1$1$\(salt)$\(key)", "scrypt$16$1$1$\(salt)$\(key)$",
        "scrypt$15$1$1$\(salt)$\(key)", "scrypt$0$1$1$\(salt)$\(key)", "scrypt$-16$1$1$\(salt)$\(key)",
        "scrypt$1$1$1$\(salt)$\(key)", "scrypt$16$0$1$\(salt)$\(key)", "scrypt$16$1$0$\(salt)$\(key)",
        "scrypt$2097152$1$1$\(salt)$\(key)", "scrypt$1048576$32$16$\(salt)$\(key)", "scrypt$16$33$1$\(salt)$\(key)",
        "scrypt$16$1$17$\(salt)$\(key)", "scrypt$9223372036854775807$9223372036854775807$1$\(salt)$\(key)",
        "scrypt$-9223372036854775808$8$1$\(salt)$\(key)", "scrypt$16$1$1$$\(key)", "scrypt$16$1$1$\(salt)$",
        "scrypt$16$1$1$AAAA$\(key)", "scrypt$16$1$1$\(salt)$AAAA", "scrypt$16$1$1$\(salt)$!",
        "scrypt$1e4$8$1$\(salt)$\(key)",
        "scrypt$16$1$1$\(String(repeating: "A", count: 100_000))$\(key)", "\u{0}",
    ]

    @Test("is read only where its parameters are bounded", arguments: senseless)
    func bounded(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    @Test("can be damaged anywhere without harm")
    func damaged() throws {
        let kept = try PasswordHash.make("password", cost: Self.cost)
        let text = Array(kept.text.utf8)
        for index in text.indices {
            for byte in [UInt8(0), UInt8(ascii: "$"), UInt8(ascii: "9"), UInt8(ascii: "A"), 0xff]
            where byte != text[index] {
                var damaged = text
                damaged[index] = byte
                guard let read = PasswordHash(text: String(decoding: damaged, as: UTF8.self)), read != kept,
                    read.cost.work <= 1 << 12
                else { continue }
                #expect(try !read.matches("password"))
            }
            let truncated = String(decoding: text[..<index], as: UTF8.self)
            if let read = PasswordHash(text: truncated) { #expect(try !read.matches("password")) }
        }
    }

    @Test("costs in the product what it costs, and no configuration makes it cheaper")
    func standard() async throws {
        let standard = PasswordHash.Cost(rounds: 32_768, blockSize: 8, parallelism: 3)
        #expect(PasswordHash.Cost.standard == standard)
        #expect(PasswordGate().cost == standard)
        for source in Source.allCases {
            #expect(try await source.configuration("password-cost", "1").passwordCost == standard)
        }
    }
}

@Suite("The place where passwords are tried")
struct PasswordGateTests {
    @Test("lets two in at a time and some wait, and sends everybody else away")
    func bounded() async throws {
        let gate = PasswordGate(cost: KeptPasswordTests.cost)
        let door = DispatchSemaphore(value: 0)
        let state = Counter()
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        try await gate.run {
                            state.enter()
                            door.wait()
                            state.leave()
                        }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            // Those who are sent away come first: nobody else can go on.
            var outcomes: [Bool] = []
            while outcomes.count < 16, let outcome = await group.next() { outcomes.append(outcome) }
            #expect(outcomes == [Bool](repeating: false, count: 16))
            for _ in 0..<50 { door.signal() }
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outcomes.count { $0 } == 2 + PasswordGate.maximumWaiting)
        // How many at once is up to the machine; never more than two.
        #expect((1...2).contains(state.highest))
        // Afterwards everybody can come again.
        #expect(try await gate.run { 7 } == 7)
    }

    @Test("tries as often where nobody has the name, or nothing usable is kept")
    func stranger() async throws {
        let gate = PasswordGate(cost: KeptPasswordTests.cost)
        let kept = try PasswordHash.make("right", cost: KeptPasswordTests.cost).text
        let tries: [(password: String, kept: String?, isRight: Bool)] = [
            ("right", kept, true), ("wrong", kept, false), ("right", nil, false), ("right", "garbage", false),
            ("", nil, false), (String(repeating: "a", count: 100_000), kept, false), ("right\u{0}", kept, false),
        ]
        for (number, attempt) in tries.enumerated() {
            let trial = try await gate.tryPassword(attempt.password, keptAs: attempt.kept)
            #expect(trial == PasswordGate.Trial(isRight: attempt.isRight))
            #expect(await gate.trials == number + 1)
        }
    }

    @Test("keeps what has become too cheap anew, once it is known to be right")
    func stronger() async throws {
        let gate = PasswordGate(cost: PasswordHash.Cost(rounds: 32, blockSize: 1, parallelism: 1))
        let kept = try PasswordHash.make("right", cost: KeptPasswordTests.cost).text
        #expect(try await gate.tryPassword("wrong", keptAs: kept).stronger == nil)
        let stronger = try #require(try await gate.tryPassword("right", keptAs: kept).stronger)
        #expect(PasswordHash(text: stronger)?.cost == gate.cost)
        #expect(try await gate.tryPassword("right", keptAs: stronger) == PasswordGate.Trial(isRight: true))
    }

    /// How many are inside.
    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var inside = 0
        private var most = 0

        func enter() {
            self.lock.withLock {
                self.inside += 1
                self.most = max(self.most, self.inside)
            }
        }

        func leave() { self.lock.withLock { self.inside -= 1 } }

        var highest: Int { self.lock.withLock { self.most } }
    }
}
