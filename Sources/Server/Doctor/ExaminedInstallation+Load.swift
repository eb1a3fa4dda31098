import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP

extension ExaminedInstallation {
    /// What a server with these settings should serve.
    init(
        _ configuration: ServerConfiguration,
        _ loaded: LoadedConfiguration,
        states: [Int64: RevocationListState]
    ) throws {
        self.https = configuration.https.flatMap { Self.address($0, scheme: "https") }
        self.http = configuration.http.flatMap { Self.address($0, scheme: "http") }
        self.metrics = configuration.metrics.flatMap { Self.address($0, scheme: "http") }
        // The administrator's own certificate need not have a name that leads here.
        self.trustedByClients =
            configuration.tlsFiles == nil ? loaded.authorities.all.map(\.issuer.certificate.encoded) : nil
        self.httpsName = "localhost"
        self.publicationURL = loaded.publication.baseURL
        self.profiles = loaded.profiles.compactMap { profile in
            loaded.registrationAuthorities[profile.name].map {
                Profile(
                    name: profile.name,
                    path: profile.name == Enrollment.Profile.defaultName ? "/scep" : "/scep/\(profile.name)",
                    authority: $0.authority.issuer.certificate.encoded
                )
            }
        }
        self.authorities = try loaded.authorities.all.map { authority in
            let slug = loaded.authorities.slugs[authority.id] ?? ""
            let asked =
                authority.registrationKeys.first?.certificate.identifier.serialNumber
                ?? loaded.authorities.statusSigners[authority.id]?.first?.certificate.identifier.serialNumber
            let identifier = try asked.map { try CertID(serialNumber: $0, issuer: authority.statusIssuer) }
            return Authority(
                name: authority.name,
                revocationListPath: "/crl/\(slug).crl",
                revocationListNumber: states[authority.id]?.number ?? 0,
                statusPath: identifier.map { "/ocsp/" + Self.path(OCSPRequest.encoded(for: $0)) },
                statusIdentifier: identifier?.encoded ?? []
            )
        }
    }

    /// How a listener is reached from the machine it is on; nil where its port is chosen anew at each start.
    private static func address(_ address: ListenAddress, scheme: String) -> String? {
        guard address.port != 0 else { return nil }
        let host =
            switch address.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let host where host.contains(":"): "[\(host)]"
            case let host: host
            }
        return "\(scheme)://\(host):\(address.port)"
    }

    /// A request as the path of a GET (RFC 6960 §A.1).
    private static func path(_ request: [UInt8]) -> String {
        Data(request).base64EncodedString().replacing("+", with: "%2B").replacing("/", with: "%2F")
            .replacing("=", with: "%3D")
    }
}
