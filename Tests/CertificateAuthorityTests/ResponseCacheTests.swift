import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The cache of answers")
struct ResponseCacheTests {
    @Test("keeps what it was given, until it is given something else")
    func values() {
        let cache = ResponseCache<Int, String>(costLimit: 100)
        #expect(cache.value(for: 1) == nil)
        cache.insert("a", for: 1, cost: 40)
        cache.insert("b", for: 2, cost: 40)
        #expect(cache.value(for: 1) == "a")
        cache.insert("c", for: 1, cost: 10)
        #expect(cache.value(for: 1) == "c")
        #expect(cache.count == 2)
        #expect(cache.cost == 50)
    }

    @Test("does not keep what alone costs too much", arguments: [(0, 1), (-1, 1), (10, 11), (10, Int.max)])
    func tooLarge(limit: Int, cost: Int) {
        let cache = ResponseCache<Int, String>(costLimit: limit)
        cache.insert("a", for: 1, cost: 1)
        cache.insert("b", for: 1, cost: cost)
        #expect(cache.value(for: 1) == nil)
        #expect(cache.count == 0)
        #expect(cache.cost == 0)
    }

    @Test("counts each entry, however little it costs", arguments: [0, -5, Int.min])
    func free(cost: Int) {
        let cache = ResponseCache<Int, Int>(costLimit: 10)
        for key in 0..<100 { cache.insert(key, for: key, cost: cost) }
        #expect(cache.count == 10)
        #expect(cache.cost == 10)
    }

    @Test("keeps what is asked for again and again")
    func secondChance() {
        let cache = ResponseCache<Int, Int>(costLimit: 100)
        for key in 0..<10_000 {
            cache.insert(key, for: key, cost: 1)
            for popular in 0..<min(key, 10) {
                #expect(cache.value(for: popular) == popular, "\(popular) is gone at \(key)")
            }
        }
        #expect(cache.count == 100)
    }

    @Test("lets the oldest go, almost")
    func oldest() {
        let cache = ResponseCache<Int, Int>(costLimit: 1000)
        for key in 0..<10_000 { cache.insert(key, for: key, cost: 1) }
        let kept = (9500..<10_000).filter { cache.value(for: $0) != nil }
        #expect(kept.count > 490)
    }

    @Test("forgets everything, or what is asked of it")
    func removal() {
        let cache = ResponseCache<Int, Int>(costLimit: 1000)
        for key in 0..<100 { cache.insert(key * key, for: key, cost: 10) }
        cache.remove { key, value in key % 3 == 0 && value == key * key }
        #expect(cache.count == 66)
        #expect((0..<100).allSatisfy { (cache.value(for: $0) != nil) == ($0 % 3 != 0) })
        #expect(cache.cost == 660)
        cache.removeAll()
        #expect(cache.count == 0)
        #expect(cache.cost == 0)
        #expect(cache.value(for: 1) == nil)
    }

    @Test("does not keep what was made before it forgot something")
    func age() {
        let cache = ResponseCache<Int, Int>(costLimit: 100)
        let age = cache.age
        cache.insert(1, for: 1, cost: 1, ofAge: age)
        #expect(cache.value(for: 1) == 1)
        cache.remove { _, _ in false }
        cache.insert(2, for: 1, cost: 1, ofAge: age)
        cache.insert(2, for: 2, cost: 1, ofAge: age)
        #expect(cache.value(for: 1) == 1)
        #expect(cache.value(for: 2) == nil)
        cache.removeAll()
        #expect(cache.age == age + 2)
        cache.insert(3, for: 2, cost: 1, ofAge: cache.age)
        #expect(cache.value(for: 2) == 3)
    }

    @Test("never costs too much nor answers wrongly, whatever is done to it", arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limit = Int.random(in: 1...500, using: &generator)
        let cache = ResponseCache<Int, Int>(costLimit: limit)
        var model: [Int: (value: Int, cost: Int)] = [:]
        for step in 0..<3000 {
            let key = Int.random(in: 0..<100, using: &generator)
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<60:
                let cost = Int.random(in: 0...60, using: &generator)
                cache.insert(step, for: key, cost: cost)
                model[key] = (step, max(cost, 1))
            case 60..<98:
                let value = cache.value(for: key)
                #expect(value == nil || value == model[key]?.value)
            case 98:
                cache.remove { removed, _ in removed % 7 == key % 7 }
                model = model.filter { $0.key % 7 != key % 7 }
            default:
                cache.removeAll()
                model = [:]
            }
            #expect(cache.cost <= limit)
        }
        let kept = (0..<100).filter { cache.value(for: $0) != nil }
        #expect(kept.count == cache.count)
        #expect(kept.reduce(0) { $0 + (model[$1]?.cost ?? 0) } == cache.cost)
    }

    @Test("is used by many at once")
    func concurrent() async {
        let cache = ResponseCache<Int, Int>(costLimit: 50)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for step in 0..<2000 {
                        cache.insert(step % 97, for: step % 97, cost: 1)
                        let value = cache.value(for: (step + task) % 97)
                        if let value, value != (step + task) % 97 { Issue.record("a value of another key") }
                    }
                }
            }
        }
        #expect(cache.count == 50)
    }
}
