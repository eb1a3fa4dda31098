import Foundation

/// What an administrator decides, stored as JSON: what a document does not say has its default, so that a setting can be
/// added.
public protocol StoredSettings: Codable {}

extension StoredSettings {
    /// Reads stored settings.
    ///
    /// - Throws: `DecodingError`, or ``PolicySyntaxError``, where they say something that this version does not know.
    public init(json: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }

    /// The settings as they are stored.
    ///
    /// - Throws: `EncodingError`.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension KeyedDecodingContainer {
    /// Replaces a default by what is stored, if it is.
    package func update<Value: Decodable>(_ value: inout Value, _ key: Key) throws {
        if let stored = try self.decodeIfPresent(Value.self, forKey: key) { value = stored }
    }
}
