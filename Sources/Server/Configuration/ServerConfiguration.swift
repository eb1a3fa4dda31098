import CertificateAuthority
public import Configuration
import Enrollment
import Foundation
import Registry
import SCEP
import SystemPackage

/// The bootstrap settings: what has to be known before the database is open.
///
/// Everything else lives in the database.
///
/// Every setting has one name, which is its flag, its key in `ucm.yaml` and, in capitals behind `UCM_`, its
/// environment variable; flags win over the environment, the environment over the file.
public struct ServerConfiguration: Sendable {
    /// Where the database and the master key are, unless they are elsewhere.
    var dataDirectory: String
    /// Where the database is.
    var database: DatabaseAddress
    /// The HTTPS listener; nil where it is off.
    var https: ListenAddress?
    /// The plain listener; nil where it is off.
    var http: ListenAddress?
    /// The names and addresses by which clients reach the server.
    var hostNames: [String]
    /// The proxies that are believed when they say for whom they ask.
    var trustedProxies: [AddressRange]
    /// One's own TLS certificate chain and key, as PEM files; nil for a certificate of the own CA.
    var tlsFiles: (certificate: String, key: String)?
    /// The file with the master key; nil for the one in the data directory.
    var masterKeyFile: String?
    /// The master key itself, in base64, for containers.
    var masterKey: String?
    /// The passphrase from which the master key is derived.
    var masterPassphrase: String?
    /// The file with that passphrase.
    var masterPassphraseFile: String?
    /// The listener for metrics alone; nil where it is off.
    var metrics: ListenAddress?
    /// The token with which metrics are read over HTTPS.
    var metricsToken: String?
    /// The file with that token.
    var metricsTokenFile: String?
    /// How events are written.
    var logFormat: LogFormat
    /// What a first run makes.
    var firstRun: FirstRunConfiguration
    /// What trying a password costs; only tests make it cheaper.
    var passwordCost = PasswordHash.Cost.standard

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - flags: What the command line gave, by name.
    ///   - environment: The process's environment.
    /// - Returns: The settings.
    /// - Throws: ``StartupError`` that names the setting and what is wrong with it.
    public static func read(
        flags: [String: ConfigValue],
        environment: [String: String]
    ) async throws -> ServerConfiguration {
        let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "ucm")
        let given = InMemoryProvider(
            name: "flags",
            values: Dictionary(uniqueKeysWithValues: flags.map { (AbsoluteConfigKey([$0.key]), $0.value) })
        )
        let bootstrap = ConfigReader(providers: [given, variables])
        let directory = bootstrap.string(forKey: "data", default: "data")
        let file = bootstrap.string(forKey: "config")
        let path = file ?? directory + "/ucm.yaml"
        do {
            if file == nil && !FileManager.default.fileExists(atPath: path) || Self.saysNothing(path) {
                return try Self(bootstrap, dataDirectory: directory)
            }
            let yaml = try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
            return try Self(ConfigReader(providers: [given, variables, yaml]), dataDirectory: directory)
        } catch let error as StartupError {
            throw error
        } catch {
            let reason = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
            throw StartupError("the configuration file \(path) cannot be read: \(reason)")
        }
    }

    /// Whether a file is there and has nothing but comments, which the YAML provider takes for an error.
    private static func saysNothing(_ path: String) -> Bool {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
        return text.split(whereSeparator: \.isNewline).allSatisfy { line in
            line.drop(while: \.isWhitespace).first.map { $0 == "#" } ?? true
        }
    }

    private init(_ reader: ConfigReader, dataDirectory: String) throws {
        let values = SettingReader(reader: reader)
        self.dataDirectory = dataDirectory
        self.database = try values.database("database-url") ?? .file(dataDirectory + "/" + DatabaseAddress.fileName)
        self.https = try values.address("https", default: "8443")
        self.http = try values.address("http", default: "off")
        guard self.https != nil || self.http != nil else {
            throw StartupError("both listeners are off: set --https or --http")
        }
        self.hostNames = try values.list("host-name")
        if let name = self.hostNames.first(where: { !HostNames.isName($0) && IPAddress($0) == nil }) {
            throw StartupError(
                "--host-name is \"\(name)\", it has to be a DNS name, in ASCII and without a port, or an IP address"
            )
        }
        self.trustedProxies = try values.ranges("trusted-proxy")
        switch (try values.text("tls-cert"), try values.text("tls-key")) {
        case (let certificate?, let key?): self.tlsFiles = (certificate, key)
        case (nil, nil): self.tlsFiles = nil
        default: throw StartupError("--tls-cert and --tls-key belong together: give both or neither")
        }
        self.masterKeyFile = try values.text("master-key-file")
        self.masterKey = try values.text("master-key")
        self.masterPassphrase = try values.text("master-passphrase")
        self.masterPassphraseFile = try values.text("master-passphrase-file")
        // They are for nobody but who runs the server, so that other machines have to be asked for.
        self.metrics = try values.address("metrics", default: "off", host: "127.0.0.1")
        self.metricsToken = try values.text("metrics-token")
        self.metricsTokenFile = try values.text("metrics-token-file")
        self.logFormat = try values.choice("log-format", default: .text)
        self.firstRun = FirstRunConfiguration(
            caKey: try values.choice("ca-key", default: .rsa3072),
            caName: try values.text("ca-name") ?? "UCM CA",
            algorithmLevel: try values.choice("algorithm-level", default: .compatible),
            answersInCAMode: try values.choice("scep-mode", default: SCEPMode.ra) == .ca,
            isOpen: try values.choice("open", default: Truth.no).isTrue,
            challengeFile: try values.text("challenge-file"),
            adminPasswordFile: try values.text("admin-password-file")
        )
        do {
            try AuthorityName.check(self.firstRun.caName)
        } catch {
            throw StartupError("--ca-name: \(error)")
        }
        guard !self.firstRun.answersInCAMode || self.firstRun.caKey.isRSA else {
            throw StartupError("--scep-mode ca needs an RSA key, an ECDSA CA answers through an RA: use --scep-mode ra")
        }
    }
}

/// What a first run makes; later runs do not look at it.
struct FirstRunConfiguration: Sendable {
    var caKey: KeyAlgorithm
    var caName: String
    var algorithmLevel: AlgorithmLevel
    var answersInCAMode: Bool
    var isOpen: Bool
    var challengeFile: String?
    var adminPasswordFile: String?
}

/// How events are written to standard error.
enum LogFormat: String, CaseIterable, Sendable {
    case text
    case json
}

/// The values of `--scep-mode`.
private enum SCEPMode: String, CaseIterable {
    case ra
    case ca
}

/// The values of a switch.
private enum Truth: String, CaseIterable {
    case yes
    case no
    case `true`
    case `false`

    var isTrue: Bool { self == .yes || self == .true }
}

/// Reads single settings and says which one is wrong.
private struct SettingReader {
    let reader: ConfigReader

    /// A setting as text, also where YAML made a number or a truth value of it; empty means absent.
    func text(_ name: String) throws(StartupError) -> String? {
        let key = ConfigKey([name])
        let value =
            self.reader.string(forKey: key) ?? self.reader.int(forKey: key).map(String.init)
            ?? self.reader.bool(forKey: key).map { $0 ? "yes" : "no" }
        guard value != nil || self.reader.stringArray(forKey: key) == nil && self.reader.intArray(forKey: key) == nil
        else { throw StartupError("--\(name) is a list in the configuration file, it has to be one value") }
        return value?.isEmpty == true ? nil : value
    }

    /// A PostgreSQL server; nil where nothing is set.
    func database(_ name: String) throws(StartupError) -> DatabaseAddress? {
        guard let text = try self.text(name) else { return nil }
        // It may have a password in it, so it is not repeated.
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
            throw StartupError(
                "--\(name) has to begin with postgres://; without it, the database is a file in the data directory")
        }
        do throws(RegistryError) {
            return try DatabaseAddress(parsing: text)
        } catch {
            throw StartupError("--\(name): \(error)")
        }
    }

    func list(_ name: String) throws(StartupError) -> [String] {
        if let list = self.reader.stringArray(forKey: ConfigKey([name])) { return list }
        return try self.text(name).map { [$0] } ?? []
    }

    /// Ranges of addresses, of which nobody's may be everybody's.
    func ranges(_ name: String) throws(StartupError) -> [AddressRange] {
        var ranges: [AddressRange] = []
        for text in try self.list(name) where !text.isEmpty {
            do throws(PolicySyntaxError) {
                ranges.append(try AddressRange(parsing: text))
            } catch {
                throw StartupError(
                    "--\(name) is \"\(text)\", which is wrong at character \(error.offset + 1): \(error.reason)"
                )
            }
        }
        guard !AddressRange.areEverybody(ranges) else {
            throw StartupError(
                "--\(name) holds every address, so that anybody could pretend to be anybody: "
                    + "name the addresses of your proxies only"
            )
        }
        return ranges
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String,
        default fallback: Choice
    ) throws(StartupError) -> Choice where Choice.RawValue == String {
        guard let text = try self.text(name) else { return fallback }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw StartupError("--\(name) is \"\(text)\", it has to be one of \(choices)")
        }
        return choice
    }

    func address(
        _ name: String,
        default fallback: String,
        host: String = "0.0.0.0"
    ) throws(StartupError) -> ListenAddress? {
        let text = try self.text(name) ?? fallback
        if text == "off" || text == "no" { return nil }
        guard let address = ListenAddress(text, defaultHost: host) else {
            throw StartupError("--\(name) is \"\(text)\", it has to be PORT, HOST:PORT or off")
        }
        return address
    }
}
