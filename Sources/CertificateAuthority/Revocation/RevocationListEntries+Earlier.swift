public import CryptographicMessageSyntax

extension RevocationListEntries {
    /// Takes over the entries of an earlier CRL of ours, so that the next one is made from what has changed.
    ///
    /// The entries are stepped over once and copied as they are. The signature is not verified. Nothing looks whether
    /// what is appended later is there already: whoever changes an entry removes the old one first.
    ///
    /// - Parameter encoded: The CRL as DER.
    /// - Throws: ``CMSError`` with code `malformed` where it is no CRL, or one whose entries are not as they are written
    ///   here.
    public init(of encoded: [UInt8]) throws(CMSError) {
        var document = DERCursor(encoded[...])
        var outer = DERCursor(try document.content(tagged: .sequence, of: "CertificateList"))
        try document.requireEnd(of: "CertificateList")
        var list = DERCursor(try outer.content(tagged: .sequence, of: "tbsCertList"))
        if list.isNext(.integer) { _ = try list.content(tagged: .integer, of: "version") }
        _ = try list.content(tagged: .sequence, of: "signature")
        _ = try list.content(tagged: .sequence, of: "issuer")
        _ = try list.content(tagged: list.timeTag, of: "thisUpdate")
        if list.isNext(.utcTime) || list.isNext(.generalizedTime) {
            _ = try list.content(tagged: list.timeTag, of: "nextUpdate")
        }
        self.init()
        if list.isNext(.sequence) {
            let entries = try list.content(tagged: .sequence, of: "revokedCertificates")
            try self.take(entries)
        }
        if list.isNext(.context0) { _ = try list.content(tagged: .context0, of: "crlExtensions") }
        try list.requireEnd(of: "tbsCertList")
    }

    /// Takes encoded entries into an empty list.
    private mutating func take(_ entries: ArraySlice<UInt8>) throws(CMSError) {
        var octets: [UInt8] = []
        // With room for what is new, so that a large buffer is not moved at once.
        octets.reserveCapacity(entries.count + entries.count / 32 + 4096)
        octets += entries
        var position = 0
        var count = 0
        while position < octets.count {
            guard let entry = RevocationEntryExtent(at: position, in: octets.span) else {
                throw CMSError(.malformed, "entry \(count + 1) of the CRL cannot be read, at byte \(position)")
            }
            position = entry.end
            count += 1
        }
        self.replace(octets, count: count)
    }

    /// Removes entries: certificates that are no longer on hold, or that have expired.
    ///
    /// - Parameter serialNumbers: The content octets of their serial numbers; one that is not listed does not matter.
    /// - Returns: How many entries were removed.
    @discardableResult
    public mutating func remove(serialNumbers: Set<[UInt8]>) -> Int {
        guard !serialNumbers.isEmpty else { return 0 }
        let removed = self.extents(of: SerialNumberTable(serialNumbers))
        self.close(removed)
        return removed.count
    }

    /// Where the entries with some serial numbers are, in order.
    private func extents(of serialNumbers: SerialNumberTable) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let octets = self.octets.span
        var position = 0
        // All entries were written or read here, so each can be read.
        while let entry = RevocationEntryExtent(at: position, in: octets) {
            if serialNumbers.contains(entry.serialNumber, of: octets) { found.append(position..<entry.end) }
            position = entry.end
        }
        return found
    }

    /// Moves what is behind some entries into their place.
    private mutating func close(_ removed: [Range<Int>]) {
        guard let first = removed.first else { return }
        var octets: [UInt8] = []
        swap(&octets, &self.octets)
        var end = first.lowerBound
        octets.withUnsafeMutableBytes { buffer in
            for (index, gap) in removed.enumerated() {
                let next = index + 1 < removed.count ? removed[index + 1].lowerBound : buffer.count
                let kept = UnsafeRawBufferPointer(rebasing: buffer[gap.upperBound..<next])
                UnsafeMutableRawBufferPointer(rebasing: buffer[end..<end + kept.count]).copyMemory(from: kept)
                end += kept.count
            }
        }
        octets.removeLast(octets.count - end)
        self.replace(octets, count: self.count - removed.count)
    }
}
