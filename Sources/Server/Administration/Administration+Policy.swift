import CertificateAuthority
import CryptographicMessageSyntax
public import Enrollment
public import Foundation
import Registry
import SCEP

/// What would become of a request.
public struct PolicyAnswer: Sendable {
    /// What each rule says, and the decision.
    public var explanation: Explanation
    /// The template that the certificate would be made with.
    public var template: String
    /// Why no certificate could be issued even with somebody's approval; nil where it could.
    public var obstacle: String?
    /// What an administrator should know of this profile; nil where there is nothing.
    public var warning: String?
}

/// Rules, tried out.
extension Administration {
    /// Says what the rules of a profile say to a request, without anything happening.
    ///
    /// - Parameters:
    ///   - name: The profile.
    ///   - encoded: The PKCS#10 request, as DER.
    ///   - client: The address it would come from.
    ///   - challenge: The challenge that it would have; nil for the one in the request.
    ///   - isJudged: Whether a challenge is looked at: to whoever may not make any this would say which one is right.
    ///   - now: The time.
    /// - Returns: What each rule says.
    /// - Throws: ``AdministrationError`` where the request cannot be read, or there is no such profile.
    public func explainPolicy(
        of name: String,
        request encoded: [UInt8],
        from client: String,
        challenge: String?,
        judgingChallenge isJudged: Bool = true,
        at now: Date
    ) async throws -> PolicyAnswer {
        guard let record = try await self.registry.profiles().first(where: { $0.name == name }) else {
            throw AdministrationError.unknownProfile(name)
        }
        guard IPAddress(client) != nil else { throw AdministrationError("\"\(client)\" is no IP address") }
        let templates = try await self.templates()
        let profile = try Profile(
            record: record,
            templates: templates,
            challenges: try await self.registry.staticChallenges(at: now)
        )
        let request: CertificationRequest
        let names: RequestedNames
        do {
            request = try CertificationRequest(encoded: encoded)
            try request.verifySignature()
            names = try RequestedNames(subject: request.subject, extensions: try request.requestedExtensions)
        } catch {
            throw AdministrationError("the request cannot be used: \(error)")
        }
        let given = isJudged ? try challenge.map { Array($0.utf8) } ?? request.challengePassword : nil
        let presented = try await ChallengeBook(of: profile, registry: self.registry, masterKey: self.masterKey)
            .judge(profile.settings.isOpen ? nil : given, names: names, from: client, key: nil, at: now)
        let explanation = profile.policy.explain(
            PolicyQuestion(client: client, challenge: presented.verdict, names: names, key: request.publicKey)
        )
        let template =
            presented.known?.binding.template.flatMap(templates.named) ?? profile.template
        return PolicyAnswer(
            explanation: explanation,
            template: template.name,
            obstacle: try await self.obstacle(
                to: request,
                template,
                rsaBits: profile.settings.algorithmLevel.rsaBits,
                authority: record.authority,
                at: now
            ),
            warning: profile.warning
        )
    }

    private func obstacle(
        to request: CertificationRequest,
        _ template: CertificateTemplate,
        rsaBits: ClosedRange<Int>,
        authority: Int64,
        at now: Date
    ) async throws -> String? {
        guard let issuer = try await self.authorities()[authority]?.issuer else {
            throw AdministrationError("the profile belongs to a CA that is not there")
        }
        do {
            _ = try issuer.prepare(
                RequestedCertificate(
                    subject: request.subject,
                    key: try issuer.certifiable(request.publicKey, rsaBits: rsaBits),
                    extensions: try request.requestedExtensions
                ),
                template: template,
                serialNumber: Issuer.serialNumber(from: .random(count: 20)),
                now: now
            )
            return nil
        } catch let error as IssuanceError {
            return error.reason
        }
    }
}
