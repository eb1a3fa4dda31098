/// The members of a JSON object, in their order.
public struct JSONObject: Hashable, Sendable {
    /// The members.
    public private(set) var members: [(name: String, value: JSONValue)]

    /// Makes an object; of two members of one name the first one counts.
    public init(_ members: [(String, JSONValue)] = []) {
        self.members = members.map { ($0.0, $0.1) }
    }

    /// The value under a name; setting nil takes the member away.
    public subscript(_ name: String) -> JSONValue? {
        get { self.members.first { $0.name == name }?.value }
        set {
            guard let index = self.members.firstIndex(where: { $0.name == name }) else {
                if let newValue { self.members.append((name, newValue)) }
                return
            }
            if let newValue { self.members[index].value = newValue } else { self.members.remove(at: index) }
        }
    }

    /// Whether two objects have the same members in the same order.
    public static func == (one: JSONObject, other: JSONObject) -> Bool {
        one.members.elementsEqual(other.members) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Feeds all members.
    public func hash(into hasher: inout Hasher) {
        for member in self.members {
            hasher.combine(member.name)
            hasher.combine(member.value)
        }
    }
}
