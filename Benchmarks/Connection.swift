import Foundation
import Glibc

/// A plain HTTP/1.1 connection to loopback that is kept alive.
final class Connection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: Int) throws {
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

    /// Sends a request and reads the answer's body.
    func exchange(method: String, target: String, body: [UInt8]) throws -> [UInt8] {
        let head =
            "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-pki-message\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        var request = Array(head.utf8) + body
        while !request.isEmpty {
            let sent = send(self.descriptor, request, request.count, Int32(MSG_NOSIGNAL))
            guard sent > 0 else { throw BenchmarkError("the connection broke while sending") }
            request.removeFirst(sent)
        }
        let separator = Array("\r\n\r\n".utf8)
        var end: Int?
        while end == nil {
            end = self.buffer.indices.first { self.buffer[$0...].starts(with: separator) }
            if end == nil { try self.fill() }
        }
        guard let end else { return [] }
        let lines = String(decoding: self.buffer[..<end], as: UTF8.self).split(separator: "\r\n")
        guard lines.first?.hasSuffix(" 200 OK") == true else {
            throw BenchmarkError("the server answers \(lines.first ?? "")")
        }
        self.buffer.removeFirst(end + 4)
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) }
        return try length.map { try self.take($0) } ?? self.takeChunks()
    }

    /// The next bytes of the stream.
    private func take(_ count: Int) throws -> [UInt8] {
        while self.buffer.count < count { try self.fill() }
        defer { self.buffer.removeFirst(count) }
        return Array(self.buffer.prefix(count))
    }

    /// A body in chunks (RFC 9112 §7.1), which is how Go answers.
    private func takeChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            while !self.buffer.contains(0x0a) { try self.fill() }
            let line = self.buffer.prefix { $0 != 0x0a }
            self.buffer.removeFirst(line.count + 1)
            let digits = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let size = Int(digits, radix: 16) else { throw BenchmarkError("a chunk without size") }
            body += try self.take(size)
            _ = try self.take(2)
            if size == 0 { return body }
        }
    }

    private func fill() throws {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = recv(self.descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { throw BenchmarkError("the connection broke while receiving") }
        self.buffer += bytes.prefix(count)
    }
}
