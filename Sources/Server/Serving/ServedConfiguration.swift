import CertificateAuthority
import Enrollment
import Foundation
import Registry
import Synchronization

/// The configuration that requests are answered with; it follows the registry while the server runs.
final class ServedConfiguration: Sendable {
    let registry: Registry
    let masterKey: MasterKey
    let limits = ClientLimits()
    let admission = Admission()
    let revocationLists = PublishedRevocationLists()
    let statuses = CertificateStatuses()
    /// Whether the database takes changes.
    let condition: DatabaseCondition
    private let duty = Atomic(false)
    private let loaded: Mutex<LoadedConfiguration>

    /// Loads the configuration.
    init(
        _ registry: Registry,
        masterKey: MasterKey,
        condition: DatabaseCondition = DatabaseCondition(logger: nil)
    ) async throws {
        self.condition = condition
        self.registry = registry
        self.masterKey = masterKey
        let loaded = try await LoadedConfiguration(registry, masterKey: masterKey, limits: self.limits)
        self.limits.settings = loaded.limits
        try await self.limits.followGuesses(in: registry, at: Date())
        self.loaded = Mutex(loaded)
    }

    /// Whether this is the node that does what has to be done without anybody asking.
    var isOnDuty: Bool {
        get { self.duty.load(ordering: .relaxed) }
        set { self.duty.store(newValue, ordering: .relaxed) }
    }

    /// The configuration as it is now.
    var current: LoadedConfiguration { self.loaded.withLock { $0 } }

    /// Loads the configuration again if it has changed in the registry; where that fails the old one stays.
    ///
    /// - Returns: Whether it has changed.
    func refresh() async throws -> Bool {
        guard try await self.registry.configurationRevision() != self.current.revision else { return false }
        let fresh = try await LoadedConfiguration(self.registry, masterKey: self.masterKey, limits: self.limits)
        self.limits.settings = fresh.limits
        self.loaded.withLock { $0 = fresh }
        return true
    }
}
