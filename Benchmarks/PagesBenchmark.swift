import Foundation
import NIOHTTP1

/// What the administrator's pages take where much is stored, beside where little is, and beside a file that is always the
/// same.
struct PagesBenchmark {
    let program: String
    let directory: String
    /// How many requests, certificates, challenges, exchanges and entries of the audit log there are.
    let rows: Int

    /// With how few rows it is compared.
    private static let few = 1_000
    private static let rounds = 30
    /// How long a page is asked for again and again, where it is slow.
    private static let patience = Duration.seconds(10)
    /// In milliseconds.
    private static let target = 50.0

    /// How long a page takes, and what it weighs.
    private struct Measured {
        /// In milliseconds, sorted.
        var latencies: [Double]
        var bytes: Int

        var median: Double { self.latencies[self.latencies.count / 2] }
        var p99: Double { self.latencies[min(self.latencies.count - 1, self.latencies.count * 99 / 100)] }
    }

    func run() throws {
        let small = try self.measure(rows: min(Self.few, self.rows))
        let large = try self.measure(rows: self.rows)
        say("pages, \(Self.rounds) times each over HTTPS on one connection, in ms")
        Self.row("", "\(small.rows) p50", "\(large.rows) p50", "p99", "of static", "bytes")
        let bound = large.pages[0].median
        var slow: [String] = []
        for (index, page) in PageList.all.enumerated() {
            let (few, many) = (small.pages[index], large.pages[index])
            if many.median >= Self.target { slow.append(page) }
            Self.row(
                page, Self.decimal(few.median), Self.decimal(many.median), Self.decimal(many.p99),
                Self.decimal(many.median / bound), "\(many.bytes)")
        }
        report("slower than \(Int(Self.target)) ms", slow.isEmpty ? "none" : slow.joined(separator: "; "))
        let heaviest = zip(PageList.all, large.pages).filter { PageList.isPage($0.0) }.max { $0.1.bytes < $1.1.bytes }
        if let heaviest {
            report(
                "first paint",
                "\((heaviest.1.bytes + large.assets) / 1000) kB: \(heaviest.1.bytes / 1000) of the heaviest page "
                    + "(\(heaviest.0)), \(large.assets / 1000) of style sheet and script; \(large.transferred), "
                    + "target < 100 kB")
        }
        report("resident then", "\(large.resident) MB")
    }

    private static func decimal(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func row(_ name: String, _ columns: String...) {
        say(
            name.padding(toLength: max(44, name.count), withPad: " ", startingAt: 0)
                + columns.map { String(repeating: " ", count: max(1, 13 - $0.count)) + $0 }.joined())
    }

    private func measure(rows: Int) throws -> (
        rows: Int, pages: [Measured], assets: Int, transferred: String, resident: Int
    ) {
        let data = self.directory + "/pages-\(rows)"
        defer { try? FileManager.default.removeItem(atPath: data) }
        let server = try UCMProcess(program: self.program, directory: data, isSecured: true)
        defer { server.stop() }
        for profile in PageRows.profiles { try server.administer(["profile", "create", profile]) }
        try server.administer(["ca", "create", PageRows.authority, "--key", "p256"])
        // One enrolment, of which the others are copies.
        let requests = try EnrolmentRequests(
            count: 1, port: server.port, path: "/scep", challenge: UCMProcess.challenge)
        _ = try Load(requests, port: server.port).closed(connections: 1)
        server.stop()
        say("filling in \(rows) rows of each list")
        let start = ContinuousClock.now
        let population = try Population(directory: data)
        try population.fillLists(rows)
        try population.close()
        say("  after \(Int((ContinuousClock.now - start) / .seconds(1))) s")
        _ = try server.start()
        try Population.waitUntilIndexed(data, rows: rows)
        say("  indexed after \(Int((ContinuousClock.now - start) / .seconds(1))) s")
        guard let port = server.secured else { throw BenchmarkError("the server has no HTTPS") }
        let client = PageClient(port: port)
        defer { try? client.close() }
        try client.signIn("admin", password: UCMProcess.password)
        let assets = try PageList.assets(of: try client.get("/admin/requests").body)
        var pages: [Measured] = []
        for page in PageList.all {
            let path = PageList.path(page, rows: rows, file: assets[0])
            let first = try client.get(path)
            var latencies: [Double] = []
            let end = ContinuousClock.now + Self.patience
            while latencies.count < Self.rounds, latencies.count < 3 || ContinuousClock.now < end {
                latencies.append(try client.get(path).milliseconds)
            }
            pages.append(Measured(latencies: latencies.sorted(), bytes: first.body.utf8.count))
        }
        let files = try assets.map { try client.get($0) }
        let encoding = files[0].headers.first(name: "Content-Encoding")
        return (
            rows, pages, files.reduce(0) { $0 + $1.body.utf8.count },
            encoding.map { "transferred as \($0)" } ?? "transferred as they are", server.residentMegabytes
        )
    }
}
