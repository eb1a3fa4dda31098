import CertificateAuthority

/// The ranges in which a client's address has to lie.
struct AddressConstraint {
    var ranges: [AddressRange]
    /// Whose ranges these are, for the sentence: "the profile's".
    var owner: String

    /// What is found out about a client, by its address as text; what is no address lies in no range.
    func finding(on client: String) -> Finding {
        let written = ReadableText.line(client, upTo: 100)
        guard let address = IPAddress(client) else {
            return Finding(
                holds: false,
                "the client \"\(written)\" has no IP address, so it is in none of \(self.owner) ranges "
                    + "(\(self.ranges.listed))"
            )
        }
        guard let range = self.ranges.first(where: { $0.contains(address) }) else {
            return Finding(
                holds: false,
                "the address \(written) is in none of \(self.owner) ranges (\(self.ranges.listed))"
            )
        }
        return Finding(holds: true, "the address \(written) is in \(range)")
    }
}
