import CertificateAuthority
import Enrollment
import HTTPTypes
import Hummingbird

/// The proxies that are believed when they say for whom they ask, and who that is.
///
/// A request passes from its client through proxies to us, and each of them may add whom it got it from, at the end of
/// a list (``ForwardedHops``). Whoever connects can send such a list along, so only what trusted proxies have added
/// counts: the list is read from its end, past the addresses of further trusted proxies, to the first address that is
/// no trusted proxy's. That is the client. What stands in front of it is its claim, and is not looked at.
struct TrustedProxies: Sendable {
    /// Where the proxies connect from; without any, every connection is a client's own.
    let ranges: [AddressRange]

    /// The client's address for the log, the limits and the rules.
    ///
    /// Where trusted proxies are on the way and the client cannot be told, because a hop is no IP address, two headers
    /// contradict each other or there is none, nobody is taken for the client: the text then is no address, so that it
    /// lies in no range.
    ///
    /// - Parameters:
    ///   - connection: The address at the other end of the connection.
    ///   - headers: The request's header fields.
    /// - Returns: An IP address, IPv4 ones always as such, or why there is none.
    func client(connection: String, headers: HTTPFields) -> String {
        // The usual case, and the only one in which every request costs the same few steps.
        guard !self.ranges.isEmpty, let address = IPAddress(connection)?.unmapped else { return connection }
        guard self.holds(address) else { return "\(address)" }
        let lists = [
            headers.lines(of: "forwarded").map(ForwardedHops.init(forwarded:)),
            headers.lines(of: "x-forwarded-for").map(ForwardedHops.init(xForwardedFor:)),
        ].compactMap(\.self)
        let clients = Set(lists.map(self.client(behind:)))
        guard clients.count == 1, let client = clients.first, let client else {
            return "unknown (by proxy \(address))"
        }
        return "\(client)"
    }

    /// The last hop that is no trusted proxy; nil where it, or one behind it, is unreadable, or all are proxies.
    private func client(behind hops: ForwardedHops) -> IPAddress? {
        for hop in hops.addresses.reversed() {
            guard let hop else { return nil }
            if !self.holds(hop) { return hop }
        }
        return nil
    }

    private func holds(_ address: IPAddress) -> Bool { self.ranges.contains { $0.contains(address) } }
}

extension HTTPFields {
    /// The lines of a field, in order; nil where there is none.
    ///
    /// - Parameter name: Its name in small letters.
    /// - Returns: The values.
    fileprivate func lines(of name: String) -> [String]? {
        let lines = self.filter { $0.name.canonicalName == name }.map(\.value)
        return lines.isEmpty ? nil : lines
    }
}

/// Puts the client's address into the context, for all routes that are added after it.
struct ClientAddressMiddleware: RouterMiddleware {
    let proxies: TrustedProxies

    func handle(
        _ request: Request,
        context: UCMRequestContext,
        next: (Request, UCMRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.client = self.proxies.client(connection: context.connection, headers: request.headers)
        return try await next(request, context)
    }
}
