import Foundation

/// What a device's enrolment costs the server, beside the least that it can cost, and beside scepserver.
struct EnrolmentBenchmark {
    let program: String
    let directory: String
    /// How many certificates there are already where it is measured whether that matters.
    let rows: Int

    private static let count = 12_000
    /// Of them, for the rate, for each of the two fixed loads, and for the rate with certificates that are there already.
    private static let full = 0..<6_000
    private static let half = 6_000..<8_000
    private static let usual = 8_000..<10_000
    private static let further = 10_000..<12_000

    func run() throws {
        IdleConnections.raiseOpenFileLimit()
        let server = try UCMProcess(program: self.program, directory: self.directory + "/enrolment")
        defer { server.stop() }
        let requests = try EnrolmentRequests(
            count: Self.count, port: server.port, path: "/scep", challenge: UCMProcess.challenge)
        let load = Load(requests, port: server.port)

        let measured = try Measured(server, load, Self.full)
        let (full, bound) = (measured.load, measured.bound)
        report(
            "bound, swift-crypto",
            "\(Int(bound.swiftCrypto))/s (three private operations, two verifications, one encryption)"
        )
        report("bound, libcrypto", "\(Int(bound.libcrypto))/s (the same; UCM's private operations are libcrypto's)")
        report("ucm, 8 connections", full.description)
        report("  share of the bound", "\(percent(full.perSecond / bound.swiftCrypto)) of swift-crypto's, target 85%")
        report("", "\(percent(full.perSecond / bound.libcrypto)) of libcrypto's, target 92%")
        report("  an enrolment takes", measured.processorTime(beside: bound.libcrypto, "RSA alone"))
        let half = try load.open(range: Self.half, perSecond: full.perSecond / 2, connections: 16)
        report("ucm, half that load", "\(half.description), target p99 < 30 ms")
        let usual = try load.open(range: Self.usual, perSecond: full.perSecond * 0.7, connections: 32)
        report("ucm, 70% of that load", "\(usual.description), target p99 < 40 ms")
        report(
            "resident after \(Self.usual.upperBound)",
            "\(server.residentMegabytes) MB, target < 60 MB; \(server.ownMegabytes) MB without the program's own file")
        try EnrolmentOverload(requests: requests, port: server.port).run(bearable: full.perSecond)
        try IdleConnections(server: server).run()
        server.stop()
        let starts = try (0..<5).map { _ in
            defer { server.stop() }
            return try server.start() / .milliseconds(1)
        }
        report("second start", "\(Int(starts.sorted()[2])) ms until it listens (median of 5), target < 150 ms")
        try self.runAmongOthers(server, load, empty: full.perSecond / bound.libcrypto)
        try self.runOnCurve()
        try self.compare(full.perSecond)
    }

    /// A rate beside the bound that was measured before and after it.
    private struct Measured {
        let load: Load<EnrolmentRequests>.Result
        let bound: Bound
        /// The server's, in milliseconds for each.
        let time: (user: Double, system: Double)

        init(_ server: UCMProcess, _ load: Load<EnrolmentRequests>, _ range: Range<Int>) throws {
            let boundBefore = try Bound.onServersCore()
            let timeBefore = server.processorTime
            self.load = try load.closed(range: range)
            let timeAfter = server.processorTime
            // scepserver may lose some under load; UCM may not.
            guard self.load.refused == 0 else { throw BenchmarkError("\(self.load.refused) answers are not SUCCESS") }
            self.bound = Bound.mean(boundBefore, try Bound.onServersCore())
            let each = 1000 / Double(self.load.latencies.count)
            let time = timeAfter - timeBefore
            self.time = (time.user * each, time.system * each)
        }

        func processorTime(beside bound: Double, _ what: String) -> String {
            String(
                format: "%.2f ms of the processor, %.2f ms of it in the kernel; %@ %.2f ms",
                self.time.user + self.time.system, self.time.system, what, 1000 / bound)
        }
    }

    /// The rate where there are certificates already.
    private func runAmongOthers(_ server: UCMProcess, _ load: Load<EnrolmentRequests>, empty: Double) throws {
        let population = try Population(directory: server.directory)
        try population.fill([
            (try population.authority(PublicationBenchmark.rsaAuthority.name), self.rows, false)
        ])
        try population.close()
        _ = try server.start()
        defer { server.stop() }
        let measured = try Measured(server, load, Self.further)
        report("among \(self.rows) others", measured.load.description)
        report(
            "  share of the bound",
            "\(percent(measured.load.perSecond / measured.bound.libcrypto)) of libcrypto's then, \(percent(empty)) of it "
                + "with an empty registry")
        report("  an enrolment takes", measured.processorTime(beside: measured.bound.libcrypto, "RSA alone"))
    }

    /// The rate of a CA on P-256, whose RA is RSA all the same.
    private func runOnCurve() throws {
        let server = try UCMProcess(program: self.program, directory: self.directory + "/p256", key: "p256")
        defer { server.stop() }
        let requests = try EnrolmentRequests(
            count: Self.full.count, port: server.port, path: "/scep", challenge: UCMProcess.challenge)
        let measured = try Measured(server, Load(requests, port: server.port), Self.full)
        report("bound, CA on P-256", "\(Int(measured.bound.ellipticCurve))/s (an ECDSA signature for one of RSA's)")
        report("ucm, 8 connections", measured.load.description)
        report(
            "  share of the bound",
            "\(percent(measured.load.perSecond / measured.bound.ellipticCurve)) of libcrypto's, target 85%")
        report(
            "  an enrolment takes", measured.processorTime(beside: measured.bound.ellipticCurve, "RSA and ECDSA alone"))
    }

    private func compare(_ rate: Double) throws {
        guard let other = try ScepserverProcess(directory: self.directory + "/depot") else {
            return say("scepserver is not installed, so there is no comparison")
        }
        defer { other.stop() }
        let requests = try EnrolmentRequests(
            count: 2000, port: other.port, path: "/scep", challenge: UCMProcess.challenge)
        let its = try Load(requests, port: other.port).closed()
        report("scepserver, 8 connections", its.description)
        report("  ucm is", "\(String(format: "%.1f", rate / its.perSecond)) times as fast, target 2")
    }
}
