import AdministrationAPI
import Foundation
import HTTPTypes

/// What is answered.
struct APIReply: Sendable {
    enum Body: Sendable {
        case none
        case json(JSONValue)
        case bytes([UInt8], type: String)
        /// What is written piece by piece, because it is more than should be in memory.
        case stream(type: String, @Sendable (_ write: ([UInt8]) async throws -> Void) async throws -> Void)
    }

    var status = HTTPResponse.Status.ok
    var headers: HTTPFields = [:]
    var body = Body.none

    static func json(_ value: JSONValue, _ status: HTTPResponse.Status = .ok) -> APIReply {
        APIReply(status: status, body: .json(value))
    }

    static let nothing = APIReply(status: .noContent)

    /// A thing that can be edited, with what stands for its present state.
    static func json(_ value: JSONValue, revision: String, _ status: HTTPResponse.Status = .ok) -> APIReply {
        APIReply(status: status, headers: [.eTag: "\"\(revision)\""], body: .json(value))
    }

    /// A thing that was made, and where it is.
    static func created(_ value: JSONValue, at path: String, revision: String? = nil) -> APIReply {
        var reply = APIReply(status: .created, headers: [.location: APIPath.root + path], body: .json(value))
        if let revision { reply.headers[.eTag] = "\"\(revision)\"" }
        return reply
    }

    /// A file to be saved.
    static func file(_ bytes: [UInt8], type: String, name: String) -> APIReply {
        APIReply(
            headers: [.contentDisposition: APIPath.attachment(name)],
            body: .bytes(bytes, type: type)
        )
    }
}
