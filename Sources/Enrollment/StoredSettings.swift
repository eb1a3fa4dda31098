/// Settings that are stored as JSON: what a document does not say has its default, so that a setting can be added.
extension KeyedDecodingContainer {
    /// Replaces a default by what is stored, if it is.
    func update<Value: Decodable>(_ value: inout Value, _ key: Key) throws {
        if let stored = try self.decodeIfPresent(Value.self, forKey: key) { value = stored }
    }
}
