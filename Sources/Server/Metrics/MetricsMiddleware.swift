import HTTPTypes
import Hummingbird

/// Counts every HTTP request.
struct MetricsMiddleware: RouterMiddleware {
    let metrics: ServerMetrics

    func handle(
        _ request: Request,
        context: UCMRequestContext,
        next: (Request, UCMRequestContext) async throws -> Response
    ) async throws -> Response {
        let route = RouteGroup(path: request.uri.path)
        do {
            let response = try await next(request, context)
            self.count(route, response.status)
            return response
        } catch {
            self.count(route, (error as? any HTTPResponseError)?.status ?? .internalServerError)
            throw error
        }
    }

    private func count(_ route: RouteGroup, _ status: HTTPResponse.Status) {
        self.metrics.responses.increase(ServerMetrics.RouteLabels(route: route, status: status.code / 100))
    }
}
