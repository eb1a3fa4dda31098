/// What a browser gets.
public struct PageResponse: Sendable {
    /// What is in it.
    public enum Body: Sendable {
        /// A page.
        case page(HTML)
        /// Another page to go to, by its path.
        case redirect(String)
        /// A file of the pages themselves, which stays as it is under its name.
        case asset(String, type: String)
        /// A file to be saved.
        case file([UInt8], type: String, name: String)
        /// A file of the API that is written piece by piece, because it may be large.
        case download(APIDownload, name: String)
    }

    /// The HTTP status.
    public var status: Int
    /// What is in it.
    public var body: Body
    /// Cookies that the browser is to keep or to forget, as headers.
    public var cookies: [String]

    /// Makes a response.
    public init(status: Int = 200, _ body: Body, cookies: [String] = []) {
        self.status = status
        self.body = body
        self.cookies = cookies
    }

    /// Another page to go to, after a form was sent.
    static func go(_ path: String, cookies: [String] = []) -> PageResponse {
        PageResponse(status: 303, .redirect(path), cookies: cookies)
    }
}
