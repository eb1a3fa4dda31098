import AdministrationAPI
import Foundation
import HTTPTypes
import Testing

@testable import Server

@Suite("A thing that two people edit over the API")
struct APIRevisionTests {
    /// Something that can be edited, and two changes of it.
    struct Thing: Sendable {
        var path: String
        var changes: (one: JSONValue, other: JSONValue)
        /// By what it is made; nil for what is always there.
        var creation: (path: String, body: JSONValue)?
    }

    static let things: [Thing] = [
        Thing(
            path: "/profiles/vpn", changes: (["queue": ["days": 3]], ["queue": ["days": 4]]),
            creation: ("/profiles", ["name": "vpn"])),
        Thing(
            path: "/templates/Mine", changes: (["validityDays": 3], ["validityDays": 4]),
            creation: ("/templates", ["name": "Mine"])),
        Thing(
            path: "/users/helen", changes: (["fullName": "One"], ["fullName": "Two"]),
            creation: ("/users", ["name": "helen", "role": "viewer"])),
        Thing(
            path: "/roles/helpdesk", changes: (["description": "one"], ["description": "two"]),
            creation: ("/roles", ["name": "helpdesk", "permissions": ["profiles:read"]])),
        Thing(path: "/settings/limits", changes: (["lockMinutes": 3], ["lockMinutes": 4])),
        Thing(path: "/settings/publication", changes: (["crlHours": 3], ["crlHours": 4])),
        Thing(path: "/settings/sessions", changes: (["idleMinutes": 6], ["idleMinutes": 7])),
        Thing(path: "/settings/passwords", changes: (["minimumLength": 13], ["minimumLength": 14])),
    ]

    @Test("is every one of which a route says so")
    func complete() {
        let edited = Set(API.routes.filter(\.isEdit).map { RightsTests.name($0) })
        let tried = Self.things.flatMap { thing in
            let path =
                "/"
                + thing.path.split(separator: "/").enumerated().map { index, part in
                    index == 1 && thing.creation != nil ? "{name}" : String(part)
                }.joined(separator: "/")
            return ["PATCH \(path)"] + (thing.creation == nil ? [] : ["DELETE \(path)"])
        }
        #expect(Set(tried) == edited)
    }

    @Test("stays as one has left it where the other has not seen that", arguments: things.indices)
    func twoEditors(index: Int) async throws {
        let thing = Self.things[index]
        try await APIServer.run { server in
            var tag: String?
            if let creation = thing.creation {
                tag = try await server.done(.post, creation.path, creation.body).tag
                #expect(tag != nil)
            }
            let (one, other) = (try await server.get(thing.path), try await server.get(thing.path))
            #expect(one.tag != nil && one.tag == other.tag && (tag == nil || tag == one.tag))
            let changed = try await server.done(.patch, thing.path, thing.changes.one, headers: .match(one.tag))
            #expect(changed.tag != one.tag)
            let late = try await server.send(.patch, thing.path, thing.changes.other, headers: .match(other.tag))
            #expect(late.status == .preconditionFailed && late.code == "changed-meanwhile")
            let now = try await server.get(thing.path)
            #expect(now.json == changed.json && now.tag == changed.tag)
            for nonsense in ["\"nonsense\"", "\"\"", "\"\(String(repeating: "a", count: 150))\"", "W/\"1\"", "\"ä\""] {
                let received = try await server.send(
                    .patch, thing.path, thing.changes.other, headers: [.ifMatch: nonsense])
                #expect(received.status == .preconditionFailed, "\(nonsense): \(received.text)")
            }
            let long = HTTPFields.match("\"\(String(repeating: "a", count: 300))\"")
            #expect(try await server.send(.patch, thing.path, thing.changes.other, headers: long).status == .badRequest)
            #expect(try await server.get(thing.path).tag == changed.tag)
            // Whoever has seen it, or does not care, changes it; what is so already changes nothing.
            let same = try await server.done(.patch, thing.path, thing.changes.one, headers: .match("*"))
            #expect(same.tag == changed.tag)
            try await server.done(.patch, thing.path, thing.changes.other, headers: .match(changed.tag))
            try await server.done(.patch, thing.path, thing.changes.one)
            guard thing.creation != nil else { return }
            let deletion = try await server.send(.delete, thing.path, headers: .match(one.tag))
            // A change to what was is the same state where that stands for itself.
            #expect(deletion.status == .preconditionFailed)
            let last = try await server.get(thing.path).tag
            try await server.done(.delete, thing.path, headers: .match(last))
            #expect(try await server.send(.delete, thing.path, headers: .match(last)).status == .notFound)
        }
    }

    @Test("is changed by one of many who have seen the same", arguments: [0, 1, 2, 3, 4])
    func race(index: Int) async throws {
        let thing = Self.things[index]
        try await APIServer.run { server in
            if let creation = thing.creation { try await server.done(.post, creation.path, creation.body) }
            let tag = try await server.get(thing.path).tag
            let name = try #require(thing.changes.one.names.first)
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for number in 0..<10 {
                    let value: JSONValue =
                        switch thing.changes.one[name] {
                        case .integer: .integer(Int64(10 + number))
                        case .object: ["days": .integer(Int64(10 + number))]
                        default: .string("\(number)")
                        }
                    group.addTask {
                        try await server.send(
                            .patch, thing.path, .object(JSONObject([(name, value)])), headers: .match(tag)
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == .ok } == 1, "\(statuses)")
            #expect(statuses.count { $0 == .preconditionFailed } == 9, "\(statuses)")
        }
    }

    @Test("is not sent again to whoever has it", arguments: things.indices)
    func known(index: Int) async throws {
        let thing = Self.things[index]
        try await APIServer.run { server in
            if let creation = thing.creation { try await server.done(.post, creation.path, creation.body) }
            let tag = try #require(try await server.get(thing.path).tag)
            for known in [tag, "*", "\"a\", \(tag)", "W/\(tag)"] {
                let received = try await server.get(thing.path, headers: [.ifNoneMatch: known])
                #expect(received.status == .notModified && received.bytes.isEmpty, "\(known)")
                #expect(received.tag == tag)
            }
            for unknown in ["\"a\"", "", String(tag.dropFirst().dropLast())] {
                #expect(try await server.get(thing.path, headers: [.ifNoneMatch: unknown]).status == .ok, "\(unknown)")
            }
            try await server.done(.patch, thing.path, thing.changes.one)
            #expect(try await server.get(thing.path, headers: [.ifNoneMatch: tag]).status == .ok)
        }
    }
}
