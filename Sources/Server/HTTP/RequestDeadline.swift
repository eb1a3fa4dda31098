import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Closes a connection whose request does not arrive whole in time, so that slow clients do not pile up.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    /// How long a request may take from its first line to the end of its body.
    static let limit = TimeAmount.seconds(30)

    private var isReading = false
    private var deadline: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        if let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) {
            try? pipeline.addHandler(OldHTTPConnections(), position: .before(codec))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head: self.isReading = true
        case .body: break
        case .end: self.finish()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most requests are here whole by now and never see a timer.
        if self.isReading, self.deadline == nil {
            let channel = context.channel
            self.deadline = context.eventLoop.scheduleTask(in: Self.limit) { channel.close(promise: nil) }
        }
        context.fireChannelReadComplete()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.finish()
    }

    private func finish() {
        self.isReading = false
        self.deadline?.cancel()
        self.deadline = nil
    }
}
