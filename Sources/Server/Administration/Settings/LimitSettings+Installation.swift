import Enrollment
import Registry

/// Where the limits are kept, for the server and for whoever changes them.
extension LimitSettings: InstallationSettings {
    static let name = "limits"
    static let title = "the limits"
    static var changeKind: EventKind { .limitsChanged }
}
