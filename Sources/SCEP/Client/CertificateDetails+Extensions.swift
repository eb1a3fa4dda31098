public import CryptographicMessageSyntax
public import SwiftASN1

extension CertificateDetails {
    /// What the key may be used for.
    ///
    /// ```
    /// KeyUsage ::= BIT STRING {
    ///     digitalSignature (0), nonRepudiation (1), keyEncipherment (2), dataEncipherment (3), keyAgreement (4),
    ///     keyCertSign (5), cRLSign (6), encipherOnly (7), decipherOnly (8) }
    /// ```
    /// RFC 5280 §4.2.1.3.
    public struct KeyUsage: OptionSet, Hashable, Sendable {
        /// The bits, the first one being the lowest.
        public let rawValue: UInt16

        /// Makes a set from its bits.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// Signatures other than those of certificates and CRLs: CertReps for example.
        public static let digitalSignature = KeyUsage(rawValue: 1 << 0)
        /// Receives content-encryption keys.
        public static let keyEncipherment = KeyUsage(rawValue: 1 << 2)
        /// Signs certificates.
        public static let keyCertSign = KeyUsage(rawValue: 1 << 5)
        /// Signs CRLs.
        public static let cRLSign = KeyUsage(rawValue: 1 << 6)

        /// Reads the extension's value; one that cannot be read has no bit.
        public init(encoded value: [UInt8]) {
            self = (try? decodeBER(value[...], as: "keyUsage", KeyUsage.init(node:))) ?? []
        }

        init(node: ASN1Node) throws {
            self = try ASN1BitString(berEncoded: node).bytes.prefix(2).enumerated().reduce(into: []) { usage, byte in
                for bit in 0..<8 where byte.element & 0x80 >> bit != 0 {
                    usage.insert(KeyUsage(rawValue: 1 << (byte.offset * 8 + bit)))
                }
            }
        }

        /// The names of the bits in the RFC, in its order.
        public static let names = [
            "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
            "cRLSign", "encipherOnly", "decipherOnly",
        ]

        /// The names of those that are set.
        public var names: [String] {
            Self.names.enumerated().filter { self.rawValue & 1 << $0.offset != 0 }.map(\.element)
        }
    }

    /// An extension's value; nil where there is none.
    public func value(of identifier: ASN1ObjectIdentifier) -> [UInt8]? {
        self.extensions.first { $0.identifier == identifier }?.value
    }

    /// The keyUsage; nil where the extension is absent, and with it every limit.
    ///
    /// One that cannot be read allows nothing.
    public var keyUsage: KeyUsage? { self.value(of: [2, 5, 29, 15]).map(KeyUsage.init(encoded:)) }

    /// Whether the certificate allows a use: its keyUsage says so or is absent.
    public func allows(_ use: KeyUsage) -> Bool { self.keyUsage?.isSuperset(of: use) ?? true }

    /// Whether it is a CA's: basicConstraints has cA TRUE (RFC 5280 §4.2.1.9), or it is of version 1, self-issued, and
    /// says nothing.
    public var isAuthority: Bool {
        guard let value = self.value(of: [2, 5, 29, 19]) else {
            return self.extensions.isEmpty && self.certificate.isSelfIssued
        }
        return (try? decodeBER(value[...], as: "basicConstraints", BasicConstraints.init(node:)))?.isAuthority ?? false
    }

    /// The subjectAltName extension, to be asked for again in a renewal.
    public var alternativeNames: CertificateExtension? {
        self.extensions.first { $0.identifier == [2, 5, 29, 17] }
    }

    /// The URLs from which the CRL can be fetched (RFC 5280 §4.2.1.13).
    ///
    /// Points that cannot be read, or have other names, are left out.
    public var crlDistributionPoints: [String] {
        guard let value = self.value(of: [2, 5, 29, 31]) else { return [] }
        let names = try? decodeBER(value[...], as: "cRLDistributionPoints", DistributionPoints.fullNames)
        return (names ?? []).compactMap(\.self).joined().compactMap { name in
            // uniformResourceIdentifier [6] IA5String
            guard name.identifier == .context(6), case .primitive(let octets) = name.content else { return nil }
            return String(validating: octets, as: UTF8.self)
        }
    }
}
