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

    @Test("may be set only where nobody has", arguments: DatabaseDriver.available)
    func onlyIfAbsent(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        #expect(try await registry.set("salt", to: "a", onlyIfAbsent: true, by: "anna", at: TestRecords.now))
        #expect(try await !registry.set("salt", to: "b", onlyIfAbsent: true, by: "anna", at: TestRecords.now))
        #expect(try await registry.setting("salt") == "a")
    }
}
