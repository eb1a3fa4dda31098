import Foundation
import Glibc

/// What an enrolment costs where PostgreSQL runs on the same processors, and what a second node adds.
///
/// The servers are there before, because PostgreSQL runs as no root and the benchmark does (`Benchmarks/run`): by a socket,
/// syncing every commit, one on the core of the node under test and one on both.
struct PostgreSQLBenchmark {
    let program: String
    let directory: String

    private static let warmUp = 0..<500
    private static let measured = 500..<5_500

    func run() throws {
        guard let one = PostgreSQLServer("UCM_BENCH_POSTGRESQL_ONE"),
            let both = PostgreSQLServer("UCM_BENCH_POSTGRESQL_BOTH")
        else { return say("PostgreSQL is not installed, so it is not measured") }
        let key = self.directory + "/master.key"
        let bytes = Data((0..<32).map { _ in UInt8.random(in: 0...255) })
        try bytes.base64EncodedData().write(to: URL(fileURLWithPath: key))
        chmod(key, 0o600)
        let rate = try self.runOne(on: one, key)
        try self.runTwo(on: both, key, beside: rate)
    }

    /// A node with the database on its core.
    private func runOne(on server: PostgreSQLServer, _ key: String) throws -> Double {
        let node = try self.node("one", Core.server, server, key)
        defer { node.stop() }
        let boundBefore = try Bound.onServersCore()
        let found = try Measured([node], server)
        let bound = Bound.mean(boundBefore, try Bound.onServersCore()).libcrypto
        let share = found.load.perSecond / bound
        report("ucm on PostgreSQL", found.load.description)
        report(
            "  share of the bound",
            "\(percent(share)) of libcrypto's \(Int(bound))/s, target 85%; "
                + "\(percent(share / (1 - found.shareOfDatabase))) of it on what the database left of the core")
        report("  an enrolment takes", found.processorTimes + String(format: "; RSA alone %.2f ms", 1000 / bound))
        return found.load.perSecond
    }

    /// Two nodes, each on its core, and database and load on both.
    private func runTwo(on server: PostgreSQLServer, _ key: String, beside rate: Double) throws {
        try Core.useAll()
        defer { try? Core.useOwn() }
        let nodes = try [Core.server, Core.load].map { try self.node("node-\($0)", $0, server, key) }
        defer { for node in nodes { node.stop() } }
        let found = try Measured(nodes, server)
        report("two nodes on two cores", found.load.description)
        report(
            "  beside one on one",
            String(format: "%.2f times as many, target 1.6; ", found.load.perSecond / rate)
                + "of the two cores the nodes took \(percent(found.nodes.total / found.duration / 2)), "
                + "PostgreSQL \(percent(found.database.total / found.duration / 2)), "
                + "the load \(percent(found.own.total / found.duration / 2))")
        report("  an enrolment takes", found.processorTimes)
    }

    private func node(_ name: String, _ core: Int, _ server: PostgreSQLServer, _ key: String) throws -> UCMProcess {
        try UCMProcess(
            program: self.program, directory: self.directory + "/postgresql-" + name, core: core,
            environment: ["UCM_DATABASE_URL": server.url, "UCM_MASTER_KEY_FILE": key])
    }

    /// A load, and what each took of the processors meanwhile.
    private struct Measured {
        let load: Load<EnrolmentRequests>.Result
        let nodes: ProcessorTime
        let database: ProcessorTime
        let own: ProcessorTime

        /// In seconds.
        var duration: Double { Double(self.load.latencies.count) / self.load.perSecond }
        /// How much of one core the database took.
        var shareOfDatabase: Double { self.database.total / self.duration }

        init(_ nodes: [UCMProcess], _ server: PostgreSQLServer) throws {
            let requests = try EnrolmentRequests(
                count: PostgreSQLBenchmark.measured.upperBound, port: nodes[0].port, path: "/scep",
                challenge: UCMProcess.challenge)
            let load = Load(requests, ports: nodes.map(\.port))
            let connections = 8 * nodes.count
            _ = try load.closed(range: PostgreSQLBenchmark.warmUp, connections: connections)
            let before = Self.times(nodes, server)
            self.load = try load.closed(range: PostgreSQLBenchmark.measured, connections: connections)
            let after = Self.times(nodes, server)
            guard self.load.refused == 0 else { throw BenchmarkError("\(self.load.refused) answers are not SUCCESS") }
            (self.nodes, self.database) = (after.nodes - before.nodes, after.database - before.database)
            self.own = after.own - before.own
        }

        private static func times(
            _ nodes: [UCMProcess],
            _ server: PostgreSQLServer
        ) -> (nodes: ProcessorTime, database: ProcessorTime, own: ProcessorTime) {
            let sum = nodes.map(\.processorTime).reduce(ProcessorTime(), +)
            return (sum, ProcessorTime(ofFamily: server.process), ProcessorTime(of: Int(getpid())))
        }

        /// For each enrolment.
        var processorTimes: String {
            let each = 1000 / Double(self.load.latencies.count)
            return String(
                format: "%.2f ms of the processor, %.2f ms of it in the kernel; PostgreSQL %.2f ms, "
                    + "%.2f ms of it in the kernel; the load %.2f ms",
                self.nodes.total * each, self.nodes.system * each, self.database.total * each,
                self.database.system * each, self.own.total * each)
        }
    }
}

/// A PostgreSQL server that somebody has started.
private struct PostgreSQLServer {
    let url: String
    /// The process that has started all its others.
    let process: Int

    /// Finds one in variables; nil where there is none.
    init?(_ name: String) {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment[name], let process = environment[name + "_PROCESS"].flatMap({ Int($0) }) else {
            return nil
        }
        (self.url, self.process) = (url, process)
    }
}
