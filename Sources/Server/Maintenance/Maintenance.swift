import Foundation
import Logging
import Registry
import ServiceLifecycle

/// What has to be done without anybody asking: follow the configuration, switch to the next CA, renew RA certificates,
/// make CRLs.
struct Maintenance: Service {
    let configuration: ServedConfiguration
    let logger: Logger

    /// How often the registry is asked whether the configuration has changed.
    static let interval = Duration.seconds(1)

    /// Every how many intervals certificates and CRLs are looked at.
    static let rounds = 10

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var round = 0
            while !Task.isCancelled {
                let now = Date()
                await self.attempt("follow the configuration") { try await self.followConfiguration(at: now) }
                if round % Self.rounds == 0 {
                    await self.attempt("renew RA certificates") {
                        try await RegistrationKeyRenewal(configuration: self.configuration, logger: self.logger)
                            .run(at: now)
                    }
                    await self.attempt("make CRLs") {
                        try await RevocationListPublication(configuration: self.configuration, logger: self.logger)
                            .run(at: now)
                    }
                }
                round += 1
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Takes over what has changed in the registry, and the next CA where its time has come.
    func followConfiguration(at now: Date) async throws {
        for profile in try await self.configuration.registry.switchAuthorities(at: now) {
            self.logger.notice("CA rollover: profile switched to the next CA", metadata: ["profile": "\(profile)"])
        }
        if try await self.configuration.refresh() {
            self.logger.notice("configuration changed")
            self.configuration.current.complain(to: self.logger)
        }
    }

    /// Whatever fails is tried again: nothing of it may end the server.
    private func attempt(_ what: Logger.Message, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            self.logger.error("cannot \(what); trying again", metadata: ["reason": "\(error)"])
        }
    }
}
