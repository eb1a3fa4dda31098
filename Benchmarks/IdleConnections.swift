import Foundation
import Glibc

/// What connections cost the server on which nothing happens, as devices and proxies keep them open.
struct IdleConnections {
    let server: UCMProcess

    private static let count = 10_000

    /// Opens them, asks one question on each, and leaves them as they are.
    func run() throws {
        let before = self.server.residentMegabytes
        // The server may have as many files open as this process, and some of them are others.
        let count = min(Self.count, Self.raiseOpenFileLimit() - 500)
        guard count > 0 else { return say("too few files can be open for idle connections") }
        let request = Connection.request("GET", "/health/live")
        let connections = try (0..<count).map { _ in
            let connection = try Connection(port: self.server.port, receiving: 1_024)
            _ = try connection.exchange(request)
            return connection
        }
        let after = self.server.residentMegabytes
        withExtendedLifetime(connections) {
            report(
                "\(count) idle connections",
                "\(after) MB resident, \(after - before) MB for them, target < 200 MB")
        }
    }

    /// Raises how many files this process may have open as far as it goes; servers that it starts inherit it.
    ///
    /// - Returns: How many.
    @discardableResult
    static func raiseOpenFileLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
