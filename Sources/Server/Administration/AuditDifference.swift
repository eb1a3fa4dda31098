import Foundation
public import Registry

/// What of something was changed.
public struct AuditDifference: Hashable, Sendable {
    /// What it is called; members of members have a point between them.
    public var name: String
    /// How it was before; nil where it was not there.
    public var before: String?
    /// How it was from then on; nil where it was there no more.
    public var after: String?
}

extension EventRecord {
    /// What differs between before and after, by name; everything where there is only one of the two.
    public var differences: [AuditDifference] {
        let (before, after) = (Self.members(of: self.before), Self.members(of: self.after))
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            before[name] == after[name]
                ? nil : AuditDifference(name: name, before: before[name], after: after[name])
        }
    }

    private static func members(of json: String?) -> [String: String] {
        guard let json, let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] else {
            return [:]
        }
        var members: [String: String] = [:]
        Self.add(object, to: &members, prefix: "", depth: 0)
        return members
    }

    private static func add(_ object: [String: Any], to members: inout [String: String], prefix: String, depth: Int) {
        for (name, value) in object {
            if let group = value as? [String: Any], !group.isEmpty, depth < 8 {
                Self.add(group, to: &members, prefix: "\(prefix)\(name).", depth: depth + 1)
            } else {
                members[prefix + name] = Self.text(value)
            }
        }
    }

    /// A value as JSON writes it, without the quotes of a text.
    private static func text(_ value: Any) -> String {
        if let text = value as? String { return text }
        let data = try? JSONSerialization.data(
            withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "unreadable"
    }
}
