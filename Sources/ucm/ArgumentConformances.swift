public import ArgumentParser
public import CertificateAuthority
public import Enrollment
public import Registry
public import SCEP

extension ProfileSettings.Mode: ExpressibleByArgument {}
extension EventKind: ExpressibleByArgument {}
extension ApprovalRules.Combination: ExpressibleByArgument {}
extension ApprovalRules.Otherwise: ExpressibleByArgument {}
extension ProfileSettings.Approval: ExpressibleByArgument {}
extension ProfileSettings.PublishedCertificates: ExpressibleByArgument {}
extension ProfileSettings.ReplyChain: ExpressibleByArgument {}
extension AlgorithmLevel: ExpressibleByArgument {}
extension KeyAlgorithm: ExpressibleByArgument {}
