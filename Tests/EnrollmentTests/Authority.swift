import Enrollment
import Registry
import SCEP
import TestSupport

/// Runs a test with a registration authority of its own.
func withAuthority<T>(
    level: AlgorithmLevel = .compatible,
    mode: Profile.Mode = .registrationAuthority,
    challenge: String? = TestAuthority.challenge,
    isOpen: Bool = false,
    _ body: (TestAuthority) async throws -> T
) async throws -> T {
    try await withTemporaryDirectory { directory in
        let authority = try await TestAuthority(
            directory: directory,
            level: level,
            mode: mode,
            challenge: challenge,
            isOpen: isOpen
        )
        defer { try? authority.registry.close() }
        return try await body(authority)
    }
}
