/// The kinds of GeneralName, by their tags (RFC 5280 §4.2.1.6).
enum GeneralNameKind: UInt, Hashable, Sendable, CaseIterable {
    case otherName = 0
    case email = 1
    case dns = 2
    case x400Address = 3
    case directory = 4
    case ediPartyName = 5
    case uri = 6
    case ip = 7
    case registeredID = 8
}
