import CertificateAuthority
import Enrollment
import Foundation
import Registry

/// Where the limits are kept, for the server and for whoever changes them.
extension LimitSettings {
    /// By which name they are stored.
    private static let name = "limits"

    /// Reads the limits; those of a new installation where none were set.
    init(in registry: Registry) async throws {
        self = try await registry.setting(Self.name).map(Self.init(json:)) ?? LimitSettings()
    }

    /// Records the limits.
    func save(in registry: Registry, by decider: Decider, at now: Date) async throws {
        try await registry.set(
            Self.name,
            to: try self.json(),
            initially: try LimitSettings().json(),
            event: .limitsChanged,
            by: decider,
            at: now
        )
    }
}
