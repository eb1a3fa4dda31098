import CryptographicMessageSyntax
import SwiftASN1

/// A Name that is put together here, one attribute in each RDN.
struct WrittenName {
    struct Attribute: Hashable, Sendable {
        /// The type as ``AttributeTypeName`` has it.
        var type: String
        var text: String
    }

    var attributes: [Attribute]

    /// What is wrong with an attribute, as a sentence; nil where nothing is.
    static func flaw(of attribute: Attribute) -> String? {
        guard AttributeTypeName.identifier(of: attribute.type) != nil else {
            return "\(ReadableText.line(attribute.type)) is no type of attribute"
        }
        return NameAttributeRules.flaw(in: attribute.text, of: attribute.type).map {
            "the \(attribute.type) \"\(ReadableText.line(attribute.text))\" \($0)"
        }
    }

    /// The Name, encoded; an attribute without a type is left out, so look for flaws first.
    var encoded: [UInt8] {
        DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for attribute in self.attributes {
                    guard let type = AttributeTypeName.identifier(of: attribute.type) else { continue }
                    coder.appendConstructed(.set) { coder in
                        coder.appendConstructed(.sequence) { coder in
                            coder.append(type)
                            coder.append(NameAttributeRules.tag(of: attribute.type), attribute.text.utf8)
                        }
                    }
                }
            }
        }
    }
}
