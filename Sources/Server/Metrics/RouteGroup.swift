/// What an HTTP request is for, as far as it is counted: paths are whatever anybody writes.
enum RouteGroup: String, Sendable, CaseIterable {
    case scep
    case crl
    case ca
    case ocsp
    case api
    case health
    case metrics
    case other

    init(path: String) {
        if SCEPPath(path) != nil {
            self = .scep
            return
        }
        let first = path.utf8.drop { $0 == UInt8(ascii: "/") }.prefix { $0 != UInt8(ascii: "/") }
        self = Self(rawValue: String(decoding: first, as: UTF8.self)) ?? .other
    }
}
