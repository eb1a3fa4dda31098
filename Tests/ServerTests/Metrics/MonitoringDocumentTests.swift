import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Server

@Suite("What the documents say of metrics")
struct MonitoringDocumentTests {
    /// A file in docs/.
    static func document(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
        return try String(contentsOfFile: root + "/docs/" + name, encoding: .utf8)
    }

    /// The metrics that a text names.
    static func metricNames(_ text: String) -> Set<String> {
        Set(text.matches(of: /\b(ucm|process)_[a-z_]+[a-z]/).map { String($0.output.0) })
    }

    @Test("is about metrics that there are, and about all of them")
    func names() async throws {
        try await MetricsEndpointTests.run { scraped in
            try await scraped.live.publish(at: Date())
            _ = try await scraped.https.execute(uri: "/scep?operation=GetCACaps", method: .get)
            let there = Set(try await scraped.metrics().families.keys)
            let dashboard = try Self.document("grafana-dashboard.json")
            _ = try JSONSerialization.jsonObject(with: Data(dashboard.utf8))
            let guide = try Self.document("monitoring.md")
            for name in Self.metricNames(dashboard).union(Self.metricNames(guide)) {
                let family = name.replacing("_bucket", with: "")
                #expect(there.contains(family), "\(name) is not there")
            }
            #expect(there.subtracting(Self.metricNames(guide)) == [])
        }
    }
}
