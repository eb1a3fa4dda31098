import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the metrics in Prometheus' text format at `/metrics`.
struct MetricsController: Sendable {
    let metrics: ServerMetrics
    let installation: InstallationMetrics
    /// Who may read them; nil for everybody, on a listener of its own.
    let access: MetricsAccess?

    func addRoutes(to router: Router<UCMRequestContext>) {
        // Where nobody may, there is nothing.
        if let access, !access.isOpen { return }
        router.get("/metrics") { request, _ in
            if let access, await !access.allows(request.headers[.authorization]) {
                var response = Response.plainText(.unauthorized, "The metrics need a token: Authorization: Bearer …")
                response.headers[.wwwAuthenticate] = "Bearer"
                return response
            }
            let families =
                await self.metrics.families + self.installation.families(at: Date()) + ProcessMetrics.families()
            return Response(
                status: .ok,
                headers: [.contentType: ExpositionText.contentType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: ExpositionText.text(families)))
            )
        }
    }
}
