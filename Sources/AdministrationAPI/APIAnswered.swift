/// What the API answers.
public struct APIAnswered: Sendable {
    /// The HTTP status.
    public var status: Int
    /// What stands for the present state of the thing; nil where it cannot be edited.
    public var revision: String?
    /// The type of the body without its parameters; nil where there is none.
    public var contentType: String?
    /// The body.
    public var body: [UInt8]

    /// Makes an answer.
    public init(status: Int, revision: String? = nil, contentType: String? = nil, body: [UInt8]) {
        self.status = status
        self.revision = revision
        self.contentType = contentType
        self.body = body
    }
}
