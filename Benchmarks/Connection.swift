import Foundation
import Glibc

/// A plain HTTP/1.1 connection to loopback that is kept alive.
///
/// It works on bytes and makes no strings of them: the load shares one processor with the kernel's half of both ends, and
/// must not be what is measured.
final class Connection {
    private let descriptor: Int32
    /// What has been received; of it, what is between `start` and `end` has not been taken yet.
    private var buffer: [UInt8]
    private var start = 0
    private var end = 0

    /// Opens one.
    ///
    /// - Parameters:
    ///   - port: The server's port.
    ///   - room: For how many bytes there is room at first.
    /// - Throws: ``BenchmarkError`` where nobody listens.
    init(port: Int, receiving room: Int = 65_536) throws {
        self.buffer = [UInt8](repeating: 0, count: room)
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(self.descriptor)
            throw BenchmarkError("nobody listens on port \(port)")
        }
        var one: Int32 = 1
        setsockopt(self.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(self.descriptor) }

    /// A request with its head, ready to be sent.
    static func request(_ method: String, _ target: String, type: String? = nil, body: [UInt8] = []) -> [UInt8] {
        let length = method == "GET" ? "" : "Content-Length: \(body.count)\r\n"
        let type = type.map { "Content-Type: \($0)\r\n" } ?? ""
        return Array("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(type)\(length)\r\n".utf8) + body
    }

    /// Sends a request and reads the body of its answer, which has the status 200.
    func exchange(_ request: [UInt8]) throws -> [UInt8] {
        let answer = try self.answer(to: request)
        guard answer.status == 200 else { throw BenchmarkError("the server answers with the status \(answer.status)") }
        return answer.body
    }

    /// Sends a request and reads its answer, whatever it is.
    func answer(to request: [UInt8]) throws -> (status: Int, body: [UInt8]) {
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes {
                send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw BenchmarkError("the connection broke while sending") }
            sent += count
        }
        var head = self.headLength
        while head == nil {
            try self.fill()
            head = self.headLength
        }
        let bytes = self.buffer[self.start..<self.start + (head ?? 0)]
        self.start = bytes.endIndex
        guard bytes.starts(with: "HTTP/1.1 ".utf8),
            let status = Int(String(decoding: bytes.dropFirst(9).prefix(3), as: UTF8.self))
        else {
            throw BenchmarkError("the server answers \(String(decoding: bytes.prefix { $0 != 0x0d }, as: UTF8.self))")
        }
        return (status, try Self.contentLength(in: bytes).map { try self.take($0) } ?? self.takeChunks())
    }

    /// How long the head is that has arrived, with the empty line at its end; nil where it is not whole yet.
    private var headLength: Int? {
        self.buffer[self.start..<self.end].withUnsafeBytes { $0.firstOffset(of: Self.emptyLine).map { $0 + 4 } }
    }

    /// The end of a line, and a line with nothing in it.
    private static let emptyLine = Array("\r\n\r\n".utf8)

    /// What a head says of the body's length; nil where the body comes in chunks.
    private static func contentLength(in head: ArraySlice<UInt8>) -> Int? {
        let name = Array("content-length:".utf8)
        let line = head.split(separator: 0x0a).first { line in
            line.count > name.count && zip(line, name).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
        }
        return line.flatMap { Int(String(decoding: $0.filter { (0x30...0x39).contains($0) }, as: UTF8.self)) }
    }

    /// The next bytes of the stream.
    private func take(_ count: Int) throws -> [UInt8] {
        while self.end - self.start < count { try self.fill() }
        defer { self.start += count }
        return Array(self.buffer[self.start..<self.start + count])
    }

    /// A body in chunks (RFC 9112 §7.1), which is how Go answers.
    private func takeChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            var line = self.buffer[self.start..<self.end].firstIndex(of: 0x0a)
            while line == nil {
                try self.fill()
                line = self.buffer[self.start..<self.end].firstIndex(of: 0x0a)
            }
            let digits = try self.take((line ?? 0) + 1 - self.start)
            let text = String(decoding: digits, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let size = Int(text, radix: 16) else { throw BenchmarkError("a chunk without size") }
            body += try self.take(size)
            _ = try self.take(2)
            if size == 0 { return body }
        }
    }

    private func fill() throws {
        if self.end == self.buffer.count || self.start == self.end {
            // What is left begins at the front again, with as much room behind it as before.
            let rest = Array(self.buffer[self.start..<self.end])
            if rest.count == self.buffer.count { self.buffer += [UInt8](repeating: 0, count: rest.count) }
            self.buffer.replaceSubrange(0..<rest.count, with: rest)
            (self.start, self.end) = (0, rest.count)
        }
        let end = self.end
        let count = self.buffer.withUnsafeMutableBytes { bytes in
            recv(self.descriptor, bytes.baseAddress?.advanced(by: end), bytes.count - end, 0)
        }
        guard count > 0 else { throw BenchmarkError("the connection broke while receiving") }
        self.end += count
    }
}
