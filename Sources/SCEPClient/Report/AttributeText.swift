import CryptographicMessageSyntax
import SCEP
import SwiftASN1

extension Attribute {
    /// The values for people: text as text, numbers of SCEP with their names, all else in hexadecimal digits.
    var text: String { self.values.map(self.text(of:)).joined(separator: ", ") }

    private func text(of value: [UInt8]) -> String {
        let text = try? decodeBER(value[...], as: "attribute") { node -> String? in
            switch node.identifier {
            case .octetString: return Array(try ASN1OctetString(berEncoded: node).bytes).hexadecimal
            case .objectIdentifier:
                let identifier = try ASN1ObjectIdentifier(berEncoded: node)
                return identifier == .CMS.data ? "data" : "\(identifier)"
            case .utcTime, .generalizedTime:
                guard case .primitive(let octets) = node.content else { return nil }
                return String(decoding: octets, as: UTF8.self).printable
            default: return NameText.string(node).map { self.named($0.printable) }
            }
        }
        return text ?? "#\(value.hexadecimal)"
    }

    /// What a number of SCEP stands for.
    private func named(_ text: String) -> String {
        guard let number = Int(text) else { return text }
        let name: String? =
            switch self.name {
            case "messageType": "\(MessageType(rawValue: number))"
            case "pkiStatus": PKIStatus(rawValue: number).map { "\($0)".uppercased() } ?? "unknown"
            case "failInfo": FailInfo(rawValue: number)?.name ?? "unknown"
            default: nil
            }
        return name.map { "\(text) (\($0))" } ?? text
    }
}
