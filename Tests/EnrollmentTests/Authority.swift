import Enrollment
import Registry
import SCEP
import TestSupport

/// Runs a test with a registration authority of its own.
func withAuthority<T>(
    level: AlgorithmLevel = .compatible,
    mode: ProfileSettings.Mode = .registrationAuthority,
    challenge: String? = TestAuthority.challenge,
    isOpen: Bool = false,
    settings: ProfileSettings = ProfileSettings(),
    _ body: (TestAuthority) async throws -> T
) async throws -> T {
    try await withTemporaryDirectory { directory in
        let authority = try await TestAuthority(
            directory: directory,
            level: level,
            mode: mode,
            challenge: challenge,
            isOpen: isOpen,
            settings: settings
        )
        defer { try? authority.registry.close() }
        return try await body(authority)
    }
}
