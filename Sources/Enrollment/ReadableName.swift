import SwiftASN1
import X509

/// A Name as people read it.
public enum ReadableName {
    /// The Name in the notation of RFC 4514, with NUL escaped as its §2.4 asks: in a database it would end the text.
    ///
    /// - Parameter name: The Name, encoded.
    /// - Returns: The text, or "unreadable".
    public static func text(_ name: [UInt8]) -> String {
        guard let node = try? DER.parse(name), let name = try? DistinguishedName(derEncoded: node) else {
            return "unreadable"
        }
        return "\(name)".replacing("\0", with: "\\00")
    }
}
