import CertificateAuthority
import Enrollment
import Hummingbird
import NIOCore

/// What accompanies a request: where it came from.
struct UCMRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection, without its port, an IPv4 one always as such; "unknown" where
    /// the connection is gone already.
    let connection: String
    /// The client's address: that of the connection, or what ``ClientAddressMiddleware`` puts in its place.
    var client: String

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        let address = source.channel.remoteAddress?.ipAddress
        self.connection = address.map { text in (IPAddress(text)?.unmapped).map { "\($0)" } ?? text } ?? "unknown"
        self.client = self.connection
    }
}
