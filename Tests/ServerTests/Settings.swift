import Configuration
import Foundation
import TestSupport
import Testing

@testable import Server

/// Reads a configuration the way the program does.
///
/// - Parameters:
///   - flags: As on the command line; several values for one flag with commas between.
///   - environment: The process's environment.
///   - yaml: What `ucm.yaml` in the data directory holds; nil for no such file.
/// - Returns: The settings.
/// - Throws: ``StartupError``.
func configuration(
    flags: [String: String] = [:],
    environment: [String: String] = [:],
    yaml: String? = nil
) async throws -> ServerConfiguration {
    try await withTemporaryDirectory { directory in
        if let yaml { try Data(yaml.utf8).write(to: URL(fileURLWithPath: directory + "/ucm.yaml")) }
        var values = flags.mapValues { ConfigValue(.string($0), isSecret: false) }
        for name in ["host-name", "trusted-proxy"] {
            guard let list = flags[name] else { continue }
            values[name] = ConfigValue(.stringArray(list.split(separator: ",").map(String.init)), isSecret: false)
        }
        if values["data"] == nil, environment["UCM_DATA"] == nil {
            values["data"] = ConfigValue(.string(directory), isSecret: false)
        }
        return try await ServerConfiguration.read(flags: values, environment: environment)
    }
}

/// Where a setting can come from.
enum Source: CaseIterable {
    case flag
    case environment
    case yaml

    func configuration(_ name: String, _ value: String) async throws -> ServerConfiguration {
        switch self {
        case .flag: return try await ServerTests.configuration(flags: [name: value])
        case .environment:
            let variable = "UCM_" + name.uppercased().replacing("-", with: "_")
            return try await ServerTests.configuration(environment: [variable: value])
        case .yaml: return try await ServerTests.configuration(yaml: "\(name): \"\(value)\"\n")
        }
    }
}

/// The sentence that whoever starts the program reads; it is a failure where the program starts.
///
/// Not to be called inside `#require` or `#expect`: Swift 6.3.1 gives an asynchronous closure inside a macro and the
/// next one outside the same name, and calls the first in place of the second.
func startupError<T>(_ body: () async throws -> T) async throws -> String {
    do {
        _ = try await body()
        Issue.record("nothing is wrong with it")
        return ""
    } catch let error as StartupError {
        return error.description
    }
}
