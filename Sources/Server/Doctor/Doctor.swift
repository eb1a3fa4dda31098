import CertificateAuthority
public import Configuration
import CryptographicMessageSyntax
import Enrollment
public import Foundation
import Registry

/// Looks at the whole of an installation, and says what is wrong and what to do.
///
/// Nothing is changed. One check that fails leaves the others to be done.
public struct Doctor: Sendable {
    /// Asks the installation's server how it is.
    public typealias Online = @Sendable (ExaminedInstallation) async -> [Finding]

    private let flags: [String: ConfigValue]
    private let environment: [String: String]

    /// Prepares an examination.
    ///
    /// - Parameters:
    ///   - flags: What the command line gave, by name.
    ///   - environment: The process's environment.
    public init(flags: [String: ConfigValue], environment: [String: String]) {
        self.flags = flags
        self.environment = environment
    }

    /// Examines the installation.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - online: Asks the server how it is.
    /// - Returns: All findings, those of one check together.
    public func examine(at now: Date, online: Online) async -> [Finding] {
        let configuration: ServerConfiguration
        do {
            configuration = try await ServerConfiguration.read(flags: self.flags, environment: self.environment)
        } catch {
            return [
                Finding("configuration", .error, "\(error)", advice: "correct it: a server does not start like this"),
                Finding("everything else", .skipped, "the settings cannot be read"),
            ]
        }
        let files = ConfigurationChecks(path: self.file(of: configuration))
        var findings = files.unknownNames() + ConfigurationChecks.files(configuration)
        if findings.isEmpty { findings.append(Finding("configuration", .ok, "the settings can be read")) }
        do {
            try Administration.checkIsThere(configuration)
        } catch {
            return findings + [
                Finding(
                    "data directory", .error, "\(error)", advice: "name it with --data, or start a server"),
                Finding("everything else", .skipped, "there is no installation"),
            ]
        }
        let directory = DirectoryChecks(path: configuration.dataDirectory)
        findings += directory.modes() + (configuration.database.isShared ? [] : [directory.space()])
        return await findings + self.examine(configuration, at: now, online: online)
    }

    /// The configuration file that is read.
    private func file(of configuration: ServerConfiguration) -> String {
        let reader = ConfigReader(providers: [
            InMemoryProvider(
                name: "flags",
                values: Dictionary(uniqueKeysWithValues: self.flags.map { (AbsoluteConfigKey([$0.key]), $0.value) })
            ),
            EnvironmentVariablesProvider(environmentVariables: self.environment).prefixKeys(with: "ucm"),
        ])
        return reader.string(forKey: "config") ?? configuration.dataDirectory + "/ucm.yaml"
    }

    /// What is in the database, and the server.
    private func examine(_ configuration: ServerConfiguration, at now: Date, online: Online) async -> [Finding] {
        let opened: OpenedRegistry
        do {
            opened = try await OpenedRegistry(configuration, migrating: false)
        } catch {
            let damage = await self.damage(in: configuration)
            let isKey = damage.isEmpty && error is StartupError
            return damage + [
                isKey
                    ? Finding(
                        "master key", .error, "\(error)",
                        advice: "give the one that belongs to this database, as its server has it")
                    : Finding("database", .error, "\(error)", advice: Self.advice(for: error, configuration)),
                Finding("everything else", .skipped, "the database or the master key cannot be used"),
            ]
        }
        defer { try? opened.registry.close() }
        let registry = opened.registry
        var findings: [Finding] = []
        await Self.add(&findings, "database", configuration) { try await Self.database(registry, configuration) }
        await Self.add(&findings, "keys", configuration) {
            try await KeyChecks(registry: registry, masterKey: opened.masterKey).run()
        }
        await Self.add(&findings, "clock", configuration) { [try await ClockCheck.run(registry, at: now)] }
        do {
            let loaded = try await ServedConfiguration(registry, masterKey: opened.masterKey).current
            let endings = EndingChecks(
                registry: registry, authorities: loaded.authorities, configuration: configuration, now: now)
            findings += endings.certificates()
            await Self.add(&findings, "CRL", configuration) { try await endings.revocationLists() }
            await Self.add(&findings, "TLS certificate", configuration) { [try await endings.server()] }
            findings += Self.profiles(loaded) + [Self.publication(loaded.publication, configuration)]
            let examined = try await ExaminedInstallation(
                configuration, loaded, states: registry.revocationListStates())
            findings += await online(examined)
        } catch {
            findings.append(
                Finding("CAs", .error, "they cannot be loaded: \(error)", advice: Self.restoring(configuration)))
        }
        return findings + [Finding("backup", .skipped, "whether there is one, nobody knows here", advice: "")]
    }

    /// One check, which may fail.
    private static func add(
        _ findings: inout [Finding],
        _ check: String,
        _ configuration: ServerConfiguration,
        _ body: () async throws -> [Finding]
    ) async {
        do {
            findings += try await body()
        } catch {
            findings.append(
                Finding(
                    check, .error, "it cannot be looked at: \(error)", advice: Self.advice(for: error, configuration)))
        }
    }

    /// How lost data comes back.
    private static func restoring(_ configuration: ServerConfiguration) -> String {
        configuration.database.isShared
            ? "restore a backup of the PostgreSQL server, or one of ucm backup create in an empty directory, and copy that: "
                + "ucm database copy" : "restore a backup: ucm restore"
    }

    private static func advice(for error: any Error, _ configuration: ServerConfiguration) -> String {
        switch error as? RegistryError {
        case .tooOld: "start the server of this version once: it brings the database up to date"
        case .tooNew: "use the newer version"
        case .unavailable, .outcomeUnknown: "mend that: the server then goes on by itself, and nothing is lost"
        case .cannotOpen where configuration.database.isShared:
            "correct --database-url, or mend the server: nodes then go on by themselves, and nothing is lost"
        case .cannotOpen, .failed, .damaged: Self.restoring(configuration)
        case .closed, nil: "do what it says"
        }
    }

    /// Where the registry cannot be opened, whether its file is damaged.
    private func damage(in configuration: ServerConfiguration) async -> [Finding] {
        // What is wrong with a server, it has said already.
        guard !configuration.database.isShared else { return [] }
        let advice = Self.restoring(configuration)
        do {
            let database = try configuration.database.open()
            defer { try? database.close() }
            return try await database.check().map { Finding("database", .error, $0, advice: advice) }
        } catch {
            return [Finding("database", .error, "\(error)", advice: advice)]
        }
    }

    private static func database(_ registry: Registry, _ configuration: ServerConfiguration) async throws -> [Finding] {
        let damage = try await registry.check()
        guard damage.isEmpty else {
            return damage.map { Finding("database", .error, $0, advice: Self.restoring(configuration)) }
        }
        return [Finding("database", .ok, "it is whole and of this version's schema")]
    }

    private static func profiles(_ loaded: LoadedConfiguration) -> [Finding] {
        let unserved = loaded.unserved.map {
            Finding("profiles", .error, $0.reason, advice: "correct it with ucm profile set \($0.profile)")
        }
        let warnings = loaded.profiles.compactMap { profile in
            profile.warning.map {
                Finding(
                    "profiles", .warning, "the profile \(profile.name): \($0)",
                    advice: "where that is not meant: ucm profile set \(profile.name), ucm challenge create")
            }
        }
        guard (unserved + warnings).isEmpty else { return unserved + warnings }
        let count = loaded.profiles.count
        return [Finding("profiles", .ok, count == 1 ? "the only one can be served" : "all \(count) can be served")]
    }

    private static func publication(_ settings: PublicationSettings, _ configuration: ServerConfiguration) -> Finding {
        guard let url = settings.baseURL else {
            let example = HostNames.distributionURL(configuration) ?? "http://HOST:PORT"
            return Finding(
                "publication", .warning, "certificates name no CRL and no OCSP: nobody sees what is revoked",
                advice: "ucm publication set --url \(example)"
            )
        }
        guard let warning = settings.warning else { return Finding("publication", .ok, "certificates name \(url)") }
        return Finding("publication", .warning, warning, advice: "ucm publication set --url http://…")
    }
}
