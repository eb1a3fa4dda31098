import Glibc

extension UnsafeRawBufferPointer {
    /// Where some bytes begin that are not empty; nil where they are not in it.
    func firstOffset(of bytes: [UInt8]) -> Int? {
        guard let base = self.baseAddress, bytes.count <= self.count else { return nil }
        let last = self.count - bytes.count
        var offset = 0
        while offset <= last {
            guard let found = memchr(base + offset, Int32(bytes[0]), last + 1 - offset) else { return nil }
            offset = base.distance(to: UnsafeRawPointer(found))
            if memcmp(base + offset, bytes, bytes.count) == 0 { return offset }
            offset += 1
        }
        return nil
    }
}

extension [UInt8] {
    /// Whether some bytes are in it.
    func contains(bytes: [UInt8]) -> Bool { self.withUnsafeBytes { $0.firstOffset(of: bytes) } != nil }
}
