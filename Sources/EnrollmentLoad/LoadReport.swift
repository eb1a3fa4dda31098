/// What came of a load.
public struct LoadReport: Encodable, Sendable {
    /// How long answers took that came at the first sending, in milliseconds; of a load with a rate, from when it was time
    /// for the request.
    public struct Latency: Encodable, Sendable {
        /// Half of them took no longer.
        public var p50: Double
        /// Nine of ten took no longer.
        public var p90: Double
        /// Of a hundred, 99 took no longer.
        public var p99: Double
        /// The longest.
        public var max: Double

        /// nil where there are none.
        init?(_ milliseconds: [Double]) {
            let sorted = milliseconds.sorted()
            guard let longest = sorted.last else { return nil }
            func percentile(_ share: Double) -> Double {
                sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
            }
            (self.p50, self.p90, self.p99, self.max) = (percentile(0.5), percentile(0.9), percentile(0.99), longest)
        }
    }

    /// How many failed for a reason.
    public struct Failure: Encodable, Sendable {
        /// A failInfo, an HTTP status, or what became of the connection.
        public var reason: String
        /// How many.
        public var count: Int
        /// What was said of the first of them.
        public var example: String
    }

    /// What was sent more than once, in the same bytes.
    public struct Resent: Encodable, Sendable {
        /// How many enrolments that took.
        public var enrollments = 0
        /// How many messages were sent again.
        public var messages = 0
        /// How many of these enrolments were answered in the end.
        public var recovered = 0
        /// How long the longest of those took.
        public var longestSeconds = 0.0
    }

    /// What the load cost this program.
    public struct Client: Encodable, Sendable {
        /// The time of processors that it used.
        public var processorSeconds: Double
        /// The same as a share of what the machine has.
        public var processorShare: Double
        /// How much of the time connections waited for the server.
        public var waitingShare: Double
    }

    /// Where the server is.
    public var url: String
    /// How long it took.
    public var seconds: Double
    /// Whether somebody ended it early.
    public var isInterrupted: Bool
    /// How many enrolments ended with a certificate.
    public var issued: Int
    /// How many wait for somebody's approval.
    public var pending: Int
    /// How many ended in another way.
    public var failed: Int
    /// The same by reason, the most frequent first.
    public var failures: [Failure]
    /// How many were answered in a second, with a certificate or that they wait.
    public var perSecond: Double
    /// nil where nothing was answered at the first sending.
    public var milliseconds: Latency?
    /// What was sent more than once.
    public var resent: Resent
    /// What was sent in messages, without what HTTP and TLS put around them.
    public var bytesSent: Int
    /// What came in answers.
    public var bytesReceived: Int
    /// How many connections there were.
    public var connections: Int
    /// Whether answers were verified.
    public var isVerified: Bool
    /// How many messages were made before the clock started.
    public var madeBeforehand: Int
    /// What it cost here.
    public var client: Client
    /// What makes the figures mean something else than they seem to.
    public var warnings: [String]
}
