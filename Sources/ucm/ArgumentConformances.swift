public import ArgumentParser
public import CertificateAuthority
public import Enrollment
public import Registry
public import SCEP
public import Server

extension ProfileSettings.Mode: ExpressibleByArgument {}
extension EventKind: ExpressibleByArgument {}
extension ExchangeOutcome: ExpressibleByArgument {}
extension RefusalCause: ExpressibleByArgument {}
extension AuditExport.Format: ExpressibleByArgument {}
extension AuditLink: ExpressibleByArgument {
    /// Reads an end of the audit log.
    public init?(argument: String) { self.init(argument) }
}
extension ApprovalRules.Combination: ExpressibleByArgument {}
extension ApprovalRules.Otherwise: ExpressibleByArgument {}
extension ProfileSettings.Approval: ExpressibleByArgument {}
extension ProfileSettings.PublishedCertificates: ExpressibleByArgument {}
extension ProfileSettings.ReplyChain: ExpressibleByArgument {}
extension AlgorithmLevel: ExpressibleByArgument {}
extension KeyAlgorithm: ExpressibleByArgument {}
extension Excess: ExpressibleByArgument {}
extension CertificateOrigin: ExpressibleByArgument {}
extension Permission: ExpressibleByArgument {}
extension CertificateState: ExpressibleByArgument {}
extension RevocationReason: ExpressibleByArgument {
    /// Reads a reason by its name in RFC 5280, in any case.
    public init?(argument: String) { self.init(name: argument) }

    /// The name, as it is written.
    public var defaultValueDescription: String { self.name }

    /// The names.
    public static var allValueStrings: [String] { Self.allCases.map(\.name) }
}
