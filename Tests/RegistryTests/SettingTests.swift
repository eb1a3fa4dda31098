import Testing

@testable import Registry

@Suite("A setting", .freshDatabase)
struct SettingTests {
    @Test("is what it was set to last, and running servers are told", arguments: DatabaseDriver.available)
    func values(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let steps: [(value: String?, isChange: Bool)] = [
            (nil, false), ("1", true), ("1", false), ("", true), ("{}", true), (nil, true), (nil, false), ("1", true),
        ]
        for (value, isChange) in steps {
            let (revision, events) = (try await registry.configurationRevision(), try await registry.count("event"))
            #expect(try await registry.set("limits", to: value, by: "anna", at: TestRecords.now) == isChange)
            #expect(try await registry.setting("limits") == value)
            #expect(try await (registry.configurationRevision() != revision) == isChange)
            #expect(try await (registry.count("event") != events) == isChange)
        }
        #expect(try await registry.setting("other") == nil)
        let events = try await registry.events(limit: 10)
        let states = [#"{"value":"1"}"#, nil, "{}", #"{"value":""}"#, #"{"value":"1"}"#, nil]
        #expect(events.map(\.after) == Array(states.dropLast()))
        #expect(events.map(\.before) == Array(states.dropFirst()))
        #expect(events.allSatisfy { $0.object == "setting limits" })
        #expect(events.allSatisfy { $0.kind == .settingChanged && $0.actor == "anna" })
    }

    @Test("is replaced only as it was read", arguments: DatabaseDriver.available)
    func replacement(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let steps: [(old: String?, new: String?, isDone: Bool, isChange: Bool)] = [
            ("a", "b", false, false), (nil, "initial", true, false), (nil, "a", true, true), (nil, "b", false, false),
            ("a", "a", true, false), ("A", "b", false, false), ("a", "b", true, true), ("b", nil, true, true),
            (nil, nil, true, false),
        ]
        for (old, new, isDone, isChange) in steps {
            let (revision, events) = (try await registry.configurationRevision(), try await registry.count("event"))
            let done = try await registry.replaceSetting(
                "salt", old, by: new, initially: "initial", by: "anna", at: TestRecords.now)
            #expect(done == isDone)
            #expect(try await (registry.configurationRevision() != revision) == isChange)
            #expect(try await (registry.count("event") != events) == isChange)
        }
        #expect(try await registry.setting("salt") == nil)
    }

    @Test("is replaced by one of many who have read the same", arguments: DatabaseDriver.available)
    func race(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let done = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await registry.replaceSetting("salt", nil, by: "\(number)", by: "anna", at: TestRecords.now)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(done == 1)
    }
}
