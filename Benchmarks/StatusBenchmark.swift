import Foundation

/// What OCSP costs: answers that are signed already, and such as have to be looked up and signed.
struct StatusBenchmark {
    /// Certificates of a CA.
    typealias Certificates = (slug: String, serialNumbers: [[UInt8]], areRevoked: Bool)

    let server: UCMProcess

    private static let connections = 8
    /// How many certificates are asked for again and again.
    private static let workingSet = 1000

    func run(rsa: Certificates, ec: Certificates) throws {
        let signingBefore = try SigningRates.onServersCore()
        let http = try self.load(ConstantRequests(count: 40_000)).perSecond
        report("HTTP alone", "\(Int(http))/s (the same few bytes to everybody, \(Self.connections) connections)")

        let cached = try self.requests(rsa, rsa.serialNumbers.prefix(Self.workingSet), count: 40_000)
        _ = try self.load(cached, range: 0..<Self.workingSet)
        let again = try self.load(cached)
        report("OCSP, cached", "\(again.description), target 10000/s; \(percent(again.perSecond / http)) of HTTP alone")

        let byRSA = try self.load(try self.requests(rsa, rsa.serialNumbers.dropFirst(Self.workingSet)))
        let byEC = try self.load(try self.requests(ec, ec.serialNumbers[...]))
        let signing = try SigningRates.onServersCore()
        self.show(byRSA, "RSA-2048", signature: (signingBefore.rsa2048 + signing.rsa2048) / 2, http: http)
        self.show(byEC, "P-256", signature: (signingBefore.p256 + signing.p256) / 2, http: http)
        report("  resident then", "\(self.server.residentMegabytes) MB")
    }

    private func show<Requests>(_ result: Load<Requests>.Result, _ name: String, signature: Double, http: Double) {
        report("OCSP, uncached, \(name)", result.description)
        let both = 1 / (1 / signature + 1 / http)
        report(
            "  share of the bound",
            "\(percent(result.perSecond / signature)) of \(Int(signature)) signatures/s, target 90%"
        )
        report("", "\(percent(result.perSecond / both)) of \(Int(both))/s, which signing and HTTP alone allow")
    }

    private func requests(
        _ certificates: Certificates,
        _ serialNumbers: ArraySlice<[UInt8]>,
        count: Int? = nil
    ) throws -> StatusRequests {
        let issuer = try Connection(port: self.server.port)
            .exchange(Connection.request("GET", "/ca/\(certificates.slug).cer"))
        return try StatusRequests(
            Array(serialNumbers),
            issuer: issuer,
            areRevoked: certificates.areRevoked,
            count: count
        )
    }

    private func load<Requests>(_ requests: Requests, range: Range<Int>? = nil) throws -> Load<Requests>.Result {
        let result = try Load(requests, port: self.server.port).closed(range: range, connections: Self.connections)
        guard result.refused == 0 else { throw BenchmarkError("\(result.refused) answers are not as they should be") }
        return result
    }
}
