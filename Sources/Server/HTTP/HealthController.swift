import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Says whether the server is well, for whoever starts, stops and chooses servers: no secrets, and nothing that is logged.
///
/// `/health/live`: the process answers. `/health/ready`: it can do its work.
struct HealthController: Sendable {
    let health: ServerHealth

    init(configuration: ServedConfiguration) {
        self.health = ServerHealth(configuration: configuration)
    }

    func addRoutes(to router: Router<UCMRequestContext>) {
        router.get("/health/live") { _, _ in Response.plainText(.ok, "live") }
        router.get("/health/ready") { _, _ in
            let report = await self.health.report()
            return Response(
                status: report.isReady ? .ok : .serviceUnavailable,
                headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: report.json))
            )
        }
    }
}
