import Hummingbird
import NIOCore

/// What accompanies a request: where it came from.
struct UCMRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's address without its port; "unknown" where the connection is gone already.
    let client: String

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        let address = source.channel.remoteAddress
        self.client = address?.ipAddress ?? "unknown"
    }
}
