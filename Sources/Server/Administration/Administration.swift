public import CertificateAuthority
import Enrollment
import Foundation
import Registry

/// What an administrator can do with an installation, whether its server runs or not.
///
/// A running server takes changes over within a second.
public struct Administration: Sendable {
    let registry: Registry
    let masterKey: MasterKey
    /// Where the master key came from, in a few words.
    let masterKeyName: String
    private let lock: InstallationLock?
    /// Where passwords are tried and made.
    let passwords: PasswordGate
    let denials = RecentDenials()

    /// Opens an installation that is there already.
    ///
    /// - Parameter configuration: Where it is, and its master key.
    /// - Throws: ``StartupError`` and others that are one sentence for whoever started it.
    public init(_ configuration: ServerConfiguration) async throws {
        try Self.checkIsThere(configuration)
        self.init(
            try await OpenedRegistry(configuration, migrating: false),
            passwords: PasswordGate(cost: configuration.passwordCost)
        )
    }

    /// The installation that a server in this process serves, or one that was opened for something else.
    init(_ opened: OpenedRegistry, passwords: PasswordGate) {
        (self.registry, self.masterKey, self.lock) = (opened.registry, opened.masterKey, opened.lock)
        self.masterKeyName = opened.masterKeyName
        self.passwords = passwords
    }

    static func checkIsThere(_ configuration: ServerConfiguration) throws(StartupError) {
        // Whether there is one on a server shows when it is opened.
        guard case .file(let path) = configuration.database else { return }
        guard access(path, F_OK) == 0 else {
            guard errno != EACCES else {
                throw StartupError(
                    "\(path) may not be looked at: permission denied; be the user that the server runs as, or root"
                )
            }
            throw StartupError(
                "there is no installation in \(configuration.dataDirectory): name its directory with --data, or start "
                    + "one with ucm serve"
            )
        }
    }

    /// Ends all connections.
    ///
    /// - Throws: ``RegistryError``.
    public func close() throws {
        try self.registry.close()
    }

    /// The templates that can be named.
    ///
    /// - Throws: ``RegistryError``.
    public func templates() async throws -> CertificateTemplates { try await CertificateTemplates(in: self.registry) }

    func authorities() async throws -> LoadedAuthorities {
        try await LoadedAuthorities(self.registry, masterKey: self.masterKey)
    }

    /// A profile, also where others cannot be read; nil where there is none of that name.
    func profile(named name: String) async throws -> Profile? {
        guard let record = try await self.registry.profiles().first(where: { $0.name == name }) else { return nil }
        return try Profile(
            record: record,
            templates: try await self.templates(),
            challenges: try await self.registry.staticChallenges(at: Date())
        )
    }
}
