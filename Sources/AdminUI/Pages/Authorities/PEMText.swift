import Foundation

/// PEM as files are made of it.
enum PEMText {
    /// What is in the one block of a text.
    static func bytes(_ text: String) -> [UInt8] {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        return Array(Data(base64Encoded: lines) ?? Data())
    }

    /// A text in base64, as addresses carry it that have all of a file in them.
    static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
