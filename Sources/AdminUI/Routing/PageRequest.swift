import AdministrationAPI
public import Foundation

/// Somebody who is signed in.
public struct Visitor: Hashable, Sendable {
    /// The user's name.
    public var name: String
    /// What they may do, by the words of the API.
    public var permissions: Set<String>
    /// Whether nothing else can be done before the password is changed.
    public var mustChangePassword: Bool
    /// What a form has to send back to prove that it is one of ours.
    public var formToken: String
    /// The role, for people.
    public var role: String

    /// Makes a visitor.
    public init(name: String, role: String, permissions: Set<String>, mustChangePassword: Bool, formToken: String) {
        self.name = name
        self.role = role
        self.permissions = permissions
        self.mustChangePassword = mustChangePassword
        self.formToken = formToken
    }

    /// Whether something may be done.
    func may(_ permission: String) -> Bool { self.permissions.contains(permission) }
}

/// Names and values, as a query or a form has them.
public struct PageFields: Sendable {
    /// All of them, in their order.
    public var all: [(name: String, value: String)]

    /// Makes fields.
    public init(_ all: [(name: String, value: String)] = []) { self.all = all }

    /// The first value of a name that is not empty, without blanks around it; nil where there is none.
    public subscript(_ name: String) -> String? {
        let value = self.all.first { $0.name == name }?.value.trimmingCharacters(in: .whitespacesAndNewlines)
        return value?.isEmpty == false ? value : nil
    }

    /// The first value of a name as it was typed.
    func exact(_ name: String) -> String? { self.all.first { $0.name == name }?.value }

    /// All values of a name.
    func values(_ name: String) -> [String] { self.all.filter { $0.name == name }.map(\.value) }
}

/// What a browser asks for.
public struct PageRequest: Sendable {
    /// The field in which a form sends back what proves that it is one of ours.
    public static let tokenField = "_token"

    /// `GET`, or `POST` for a form.
    public var method: String
    /// The parts of the path below ``AdminPages/root``, without percent signs.
    public var path: [String]
    /// The query.
    public var query: PageFields
    /// The form.
    public var form: PageFields
    /// Whether a form was sent by somebody else's page, or by one of a session that is over.
    public var isForged = false
    /// Who is signed in; nil for nobody.
    public var visitor: Visitor?
    /// `light` or `dark`, where somebody has chosen.
    public var theme: String?
    /// The server's address, as the browser has it: `https://ca.example.com:8443`.
    public var origin: String
    /// The same for devices that speak no TLS: `http://ca.example.com:8080`; nil where there is no plain listener.
    public var plainOrigin: String?
    /// The time.
    public var now: Date
    /// The API, asked by whoever is signed in.
    public var api: any AdminAPI

    /// Makes a request.
    public init(
        method: String,
        path: [String],
        query: PageFields = PageFields(),
        form: PageFields = PageFields(),
        visitor: Visitor?,
        theme: String? = nil,
        origin: String,
        plainOrigin: String? = nil,
        now: Date,
        api: any AdminAPI
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.form = form
        self.visitor = visitor
        self.theme = theme
        self.origin = origin
        self.plainOrigin = plainOrigin
        self.now = now
        self.api = api
    }

    /// The SCEP URL at a path, as devices are given it: without TLS where that is possible, because SCEP protects itself
    /// (RFC 8894 §1) and a device that has no certificate yet seldom trusts the server's.
    func scepURL(_ path: String) -> String { (self.plainOrigin ?? self.origin) + path }

    /// The SCEP URL of a profile, by its name.
    func scepURL(ofProfile name: String) -> String {
        self.scepURL(name == "default" ? "/scep" : "/scep/\(APIPath.escaped(name))")
    }
}
