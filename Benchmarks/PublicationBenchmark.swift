import Foundation

/// What a CA with a million certificates publishes: a CRL with all of them, and OCSP answers.
struct PublicationBenchmark {
    let program: String
    let directory: String

    private static let count = 1_000_000
    /// The first start's CA, RSA-2048: all of its certificates are revoked.
    static let rsaAuthority = (name: "UCM CA", slug: "ucm-ca")
    /// Another CA, on P-256: none of its certificates are.
    private static let ecAuthority = (name: "Benchmark", slug: "benchmark")
    /// Of the second CA, only as many as are asked for.
    private static let otherCount = 60_000
    /// Of the first CA, as many are asked for.
    private static let askedCount = 20_000

    /// Measures one of them, or both.
    ///
    /// - Parameters:
    ///   - lists: Whether CRLs are measured; the first one is in any case.
    ///   - statuses: Whether OCSP is.
    /// - Throws: ``BenchmarkError``, and whatever else keeps it from being measured.
    func run(lists: Bool, statuses: Bool) throws {
        let data = self.directory + "/publication"
        let server = try UCMProcess(program: self.program, directory: data, log: self.directory + "/publication.log")
        defer { server.stop() }
        try server.administer(["ca", "create", Self.ecAuthority.name, "--key", "p256"])
        server.stop()
        let population = try Population(directory: data)
        let rsa = try population.authority(Self.rsaAuthority.name)
        let ec = try population.authority(Self.ecAuthority.name)
        say("filling in \(Self.count) certificates")
        try population.fill([(rsa, Self.count, true), (rsa, 1, false), (ec, Self.otherCount, false)])
        let rsaNumbers = try population.serialNumbers(of: rsa, areRevoked: true, count: Self.askedCount)
        let ecNumbers = try population.serialNumbers(of: ec, areRevoked: false, count: Self.otherCount)
        let another = try population.serialNumbers(of: rsa, areRevoked: false, count: 1)[0]
        try population.close()

        // It makes the CRL in any case; OCSP has the processor for itself only then.
        let list = RevocationListBenchmark(
            server: server,
            authority: Self.rsaAuthority.name,
            entries: Self.count,
            another: another
        )
        try list.start()
        if lists { try list.revoke() }
        guard statuses else { return }
        try StatusBenchmark(server: server).run(
            rsa: (Self.rsaAuthority.slug, rsaNumbers, true),
            ec: (Self.ecAuthority.slug, ecNumbers, false)
        )
    }
}
