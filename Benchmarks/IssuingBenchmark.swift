/// Issuing alone, without request, registry and HTTP, beside what the CA's key can sign.
struct IssuingBenchmark {
    func run() throws {
        let rates = try IssuingRates.onServersCore()
        for (name, pair) in [("RSA-2048", rates.rsa2048), ("P-256", rates.p256)] {
            report(
                "issuing, \(name)",
                "\(Int(pair.issued))/s, \(percent(pair.share)) of \(Int(pair.signed)) signatures/s, target 95%"
            )
        }
    }
}
