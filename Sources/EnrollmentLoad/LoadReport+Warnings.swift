extension LoadReport {
    /// What is told by how busy this program was.
    ///
    /// - Parameters:
    ///   - plan: What was asked for.
    ///   - machineShare: The share of all processors that was busy, with whatever; nil where the system does not say.
    ///   - shortages: How often a connection waited for a message to be made.
    /// - Returns: Sentences.
    func findings(_ plan: LoadPlan, machineShare: Double?, shortages: Int) -> [String] {
        var findings: [String] = []
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        let own = self.client.processorShare
        let isLimited = own >= 0.85
        if isLimited {
            findings.append(
                "This client used \(percent(own)) of the machine's processors: it may be what limits the rate. "
                    + (plan.trustsAnswers
                        ? "Take another machine for the load, too." : "--trust-answers costs it less.")
            )
        } else if let machineShare, machineShare >= 0.95, own >= 0.2 {
            findings.append(
                "All processors of this machine were busy, for \(percent(own)) with this client: a server on the same machine "
                    + "would be faster without it."
            )
        }
        let done = self.issued + self.pending + self.failed
        // Of a load that is over before it has begun, nothing can be told.
        if plan.rate == nil, !isLimited, self.client.waitingShare < 0.7, done >= 5 * plan.connections, self.seconds >= 1
        {
            findings.append(
                "The connections waited for the server only \(percent(self.client.waitingShare)) of the time: more of them "
                    + "(--connections) load it more."
            )
        }
        if shortages > max(plan.connections, done / 20) {
            findings.append(
                "Messages were not made as fast as they were sent: fewer than \(MessageSupply.capacity) at a time (--count), "
                    + "and keys made before (--keys), let the server have more."
            )
        }
        if let rate = plan.rate, !self.isInterrupted, self.perSecond < rate * 0.95, self.failed == 0, done > 20 {
            findings.append("Fewer were answered than were to begin in a second: what waited is in the times.")
        }
        return findings
    }
}
