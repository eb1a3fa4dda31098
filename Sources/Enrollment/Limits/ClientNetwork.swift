import CertificateAuthority

/// Whom a limit takes for one and the same.
enum ClientNetwork {
    /// An IPv4 address, or the network of 64 bits that one household or machine has in IPv6.
    static func of(_ client: String) -> String {
        guard let address = IPAddress(client)?.unmapped else { return client }
        guard address.bytes.count == 16 else { return "\(address)" }
        return IPAddress(bytes: address.bytes.prefix(8) + [UInt8](repeating: 0, count: 8)).map { "\($0)/64" } ?? client
    }
}
