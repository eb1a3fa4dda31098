import AdministrationAPI
import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import Registry
import SCEP
import Synchronization
import TestSupport
import Testing

@testable import Server

/// A way through the whole API on which everything goes well, and everything is there that can be answered.
final class APITour: Sendable {
    let server: APIServer
    /// Somebody who may do everything, in a browser.
    let caller: APICaller
    private let seen = Mutex<Set<String>>([])

    /// The routes that were used, by their operationIds.
    var visited: Set<String> { self.seen.withLock { $0 } }

    init(_ server: APIServer) async throws {
        self.server = server
        self.caller = try await server.session(of: "root")
    }

    /// Uses a route.
    @discardableResult
    func go(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        by other: APICaller? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let received = try await self.server.done(
            method, path, by: other ?? self.caller, body, sourceLocation: sourceLocation)
        let segments = path.prefix { $0 != "?" }.split(separator: "/").compactMap {
            String($0).removingPercentEncoding
        }
        let (route, _) = try API.route(method, segments)
        if received.status == route.answer.status { self.seen.withLock { _ = $0.insert(route.name) } }
        return received.json
    }

    /// Goes all the way.
    func run() async throws {
        try await self.profiles()
        try await self.challenges()
        try await self.requests()
        try await self.certificates()
        try await self.authorities()
        try await self.lists()
        try await self.settings()
        try await self.users()
        try await self.ownAccount()
        try await self.system()
        try await self.endings()
    }

    private func profiles() async throws {
        let template: JSONValue = [
            "name": "Door Locks", "from": "Network Equipment", "validityDays": 90, "policies": ["1.3.6.1.4.1.99999.1"],
            "subject": "CN={CN}, O=Example", "crlURLs": ["{url}/crl/{ca}.crl"],
        ]
        try await self.go(.post, "/templates", template)
        try await self.go(.patch, "/templates/Door%20Locks", ["validityDays": 80])
        try await self.go(.get, "/templates")
        try await self.go(.get, "/templates/Door%20Locks")
        let profile: JSONValue = [
            "name": "vpn", "template": "Door Locks", "capabilities": ["POSTPKIOperation", "SHA-256"],
            "rules": ["subjects": ["CN=*.example.com"], "addresses": ["10.0.0.0/8", "2001:db8::/32"]],
            "renewal": ["windowPercent": 50], "signingTimeTolerance": 300,
        ]
        try await self.go(.post, "/profiles", profile)
        try await self.go(.patch, "/profiles/vpn", ["approval": "manual", "queue": ["approvals": 2]])
        try await self.go(.get, "/profiles")
        try await self.go(.get, "/profiles/vpn")
        try await self.go(.put, "/profiles/vpn/challenge", [:])
        try await self.go(.delete, "/profiles/vpn/challenge")
        let request = try TestEnrolment().certificationRequest().encoded
        try await self.go(
            .post, "/profiles/vpn/explain",
            ["csr": .string(Data(request).base64EncodedString()), "address": "10.1.2.3", "challenge": "wrong"])
    }

    private func challenges() async throws {
        let order: JSONValue = [
            "profile": "default", "label": "new", "device": "pump-4", "user": "anna", "uses": 2,
            "binding": ["subjects": ["CN=pump-*"], "sans": [], "addresses": ["10.0.0.0/8"], "template": "Default"],
        ]
        let made = try await self.go(.post, "/challenges", order)
        let id = try #require(made["id"]?.integer)
        try await self.go(.post, "/challenges/batch", ["challenges": [order, ["profile": "vpn", "expiresAt": .null]]])
        try await self.go(.get, "/challenges/\(id)")
        try await self.go(.post, "/challenges/\(id)/revoke")
        try await self.go(.get, "/challenges?profile=default&usable=false")
    }

    /// Sends requests as devices do, of which one is granted, one rejected, and the others wait.
    private func requests() async throws {
        try await self.go(.patch, "/profiles/default", ["approval": "manual"])
        for number in 1...4 { try await self.enrol("CN=pump-\(number), O=Example") }
        try await self.enrol("CN=guess", challenge: "wrong")
        let ids = try await self.numbers("/requests?status=pending&sort=id")
        #expect(ids.count == 4)
        let count = try await self.go(.get, "/requests/count?status=pending&atMost=3")
        #expect(count == ["count": 3, "isExact": false])
        try await self.go(.post, "/requests/\(ids[0])/approve", ["validityDays": 30, "subject": "CN=other"])
        try await self.go(.post, "/requests/\(ids[1])/reject", ["reason": "sold"])
        try await self.go(
            .post, "/requests/decide", ["ids": [.integer(ids[0]), .integer(ids[2])], "action": "approve"])
        for id in ids { try await self.go(.get, "/requests/\(id)") }
        try await self.exchanges(of: ids)
    }

    /// What is written down of what devices ask, of every sort there is.
    private func exchanges(of requests: [Int64]) async throws {
        var exchanges: [NewExchange] = []
        for (number, outcome) in ExchangeOutcome.allCases.enumerated() {
            for cause in [nil, RefusalCause.allCases[number].rawValue] {
                var exchange = NewExchange(.pkiOperation, outcome, from: "192.0.2.7", at: Date())
                exchange.profile = "default"
                exchange.messageType = "PKCSReq"
                exchange.transactionID = "1F"
                exchange.request = cause == nil ? requests[0] : nil
                exchange.cause = cause
                exchanges.append(exchange)
            }
        }
        exchanges.append(NewExchange(.unknown, .malformed, from: "192.0.2.7", at: Date()))
        try await self.server.live.registry.record(exchanges)
        try await self.go(.get, "/exchanges?limit=1000")
        try await self.go(.get, "/exchanges?outcome=refused,limited&operation=PKIOperation&q=pump&sort=id&after=1")
        for id in requests { try await self.go(.get, "/requests/\(id)/timeline") }
    }

    private func enrol(_ name: String, challenge: String? = nil) async throws {
        let installation = self.server.live.installation
        let authority = try #require(installation.configuration.current.registrationAuthorities["default"])
        var enrolment = try TestEnrolment(name: name)
        enrolment.challenge = challenge ?? installation.secrets?.challenge
        enrolment.transactionID = name.filter(\.isNumber) + "F"
        let message = try enrolment.message(for: try #require(authority.authority.registrationKeys.first).certificate)
        _ = try await authority.answer(message, from: "192.0.2.7", at: Date())
    }

    private func numbers(_ path: String) async throws -> [Int64] {
        (try await self.go(.get, path)["items"]?.array ?? []).compactMap { $0["id"]?.integer }
    }

    private func certificates() async throws {
        var serials: [String] = []
        for form in KeyForm.allCases {
            let made = try await self.go(
                .post, "/certificates",
                [
                    "key": "p256", "keyForm": .string(form.rawValue), "subject": "CN=host",
                    "sans": ["DNS:host.example.com"],
                ])
            serials.append(try #require(made["serialNumber"]?.text))
        }
        let first = serials[0]
        try await self.go(.post, "/certificates/\(first)/renew?ca=UCM%20CA", ["key": "p256"])
        try await self.go(.post, "/certificates/\(first)/hold", ["note": "lost?"])
        try await self.go(.post, "/certificates/\(first)/release", ["note": "found"])
        let why: JSONValue = ["reason": "keyCompromise", "invalidityDate": "2026-01-01T00:00:00Z", "note": "stolen"]
        try await self.go(.post, "/certificates/\(serials[1])/revoke", why)
        try await self.go(.post, "/certificates/\(serials[2])/hold")
        for isTrial in [true, false] {
            try await self.go(
                .post, "/certificates/revoke",
                ["serialNumbers": [.string(first), .string(serials[1])], "dryRun": .bool(isTrial)])
            try await self.go(.post, "/certificates/revoke", ["name": "host", "dryRun": .bool(isTrial)])
        }
        try await self.go(.get, "/certificates?state=valid,expired,revoked,held&limit=1000")
        try await self.go(.get, "/certificates/count?origin=manual")
        for serial in serials { try await self.go(.get, "/certificates/\(serial)") }
        for form in DownloadForm.allCases {
            try await self.go(.get, "/certificates/\(first)/download?form=\(form.rawValue)")
            try await self.go(.get, "/cas/ucm-ca/certificate?form=\(form.rawValue)")
        }
    }

    private func authorities() async throws {
        try await self.go(
            .post, "/cas",
            [
                "name": "Devices", "parent": "UCM CA", "key": "p256", "pathLength": 0, "permitted": ["DNS:example.com"],
                "purposes": ["clientAuth"],
            ])
        try await self.go(.post, "/ca-requests", ["name": "Elsewhere", "key": "p256"])
        try await self.go(.get, "/ca-requests")
        let request = try await self.go(.get, "/ca-requests/Elsewhere")
        let signed = try await self.go(
            .post, "/cas/UCM%20CA/sign", ["csr": request["csr"] ?? .null, "pathLength": "unlimited"])
        let files = [signed["certificate"] ?? .null] + (signed["chain"]?.array ?? [])
        try await self.go(.post, "/ca-requests/Elsewhere/install", ["files": .array(files)])
        try await self.go(.post, "/ca-requests", ["name": "Never", "key": "p256"])
        try await self.go(.delete, "/ca-requests/Never")
        let foreign = try ImportedAuthorityTests.Foreign("Foreign Root", from: Date())
        try await self.go(
            .post, "/cas/import",
            [
                "name": "Taken over",
                "files": [
                    .string(PEMChunks.text(foreign.certificate, label: "CERTIFICATE")),
                    .string(PEMChunks.text(foreign.key.pkcs8, label: "PRIVATE KEY")),
                ],
            ])
        try await self.go(.post, "/cas/Devices/default")
        try await self.go(.post, "/cas/UCM%20CA/default")
        try await self.go(.post, "/cas/Devices/retire")
        try await self.go(.post, "/cas/Devices/reinstate")
        let soon = APIDate.text(Date().addingTimeInterval(86_400))
        try await self.go(.post, "/cas/UCM%20CA/rollover", ["switchAt": .string(soon), "key": "p256"])
        let later = APIDate.text(Date().addingTimeInterval(172_800))
        try await self.go(.put, "/cas/UCM%20CA/rollover", ["switchAt": .string(later)])
        try await self.go(.get, "/cas")
        try await self.go(.get, "/cas/ucm-ca")
    }

    private func lists() async throws {
        try await self.go(.get, "/crls")
        try await self.server.live.publish(at: Date())
        try await self.go(.get, "/crls")
        try await self.go(.get, "/crls/ucm-ca")
        for form in ["der", "pem"] { try await self.go(.get, "/crls/ucm-ca/download?form=\(form)") }
    }

    private func settings() async throws {
        try await self.go(.get, "/limits/addresses")
        try await self.go(.delete, "/limits/addresses/192.0.2.7")
        let changes: [(String, JSONValue)] = [
            ("limits", ["requestsPerMinute": 1000]), ("publication", ["url": "http://ca.example.com:8080"]),
            ("sessions", ["idleMinutes": 20]), ("passwords", ["minimumLength": 14]), ("audit", ["days": 400]),
        ]
        for (name, change) in changes {
            try await self.go(.get, "/settings/\(name)")
            try await self.go(.patch, "/settings/\(name)", change)
            try await self.go(.get, "/settings/\(name)")
        }
    }

    private func users() async throws {
        try await self.go(
            .post, "/roles", ["name": "helpdesk", "description": "helps", "permissions": ["requests:read"]])
        try await self.go(.patch, "/roles/helpdesk", ["permissions": ["requests:read", "requests:decide"]])
        try await self.go(.get, "/roles")
        try await self.go(.get, "/roles/helpdesk")
        try await self.go(.post, "/users", ["name": "helen", "role": "helpdesk", "fullName": "Helen Ä"])
        try await self.go(.patch, "/users/helen", ["role": "viewer"])
        for _ in 0..<5 {
            let guess: JSONValue = ["name": "helen", "password": "wrong"]
            #expect(try await self.server.send(.post, "/session", by: .nobody, guess).code == "wrong-credentials")
        }
        #expect(try await self.go(.get, "/users/helen")["locks"]?.array?.count == 1)
        try await self.go(.post, "/users/helen/unlock")
        try await self.go(.post, "/users/helen/reset-password")
        try await self.go(.get, "/users?q=hel&role=viewer")
        let token = try await self.go(.post, "/tokens", ["name": "deploy", "scopes": ["profiles:read"]])
        try await self.go(.get, "/profiles", by: .token(try #require(token["token"]?.text)))
        try await self.go(.get, "/tokens?user=*")
        try await self.go(.delete, "/tokens/\(try #require(token["id"]?.integer))")
        let other = try await self.server.enter("otto", "viewer")
        let sessions = try await self.go(.get, "/sessions?user=otto")
        try await self.go(.delete, "/sessions/\(try #require(sessions["items"]?.array?.first?["id"]?.integer))")
        #expect(try await self.server.get("/session", by: other).status == .unauthorized)
    }

    private func ownAccount() async throws {
        try await self.server.people.add("nina", "viewer", at: Date())
        let entrance: JSONValue = ["name": "nina", "password": .string(People.password)]
        try await self.go(.post, "/session", entrance, by: .nobody)
        let nina = try await self.server.session(of: "nina")
        try await self.go(.get, "/session", by: nina)
        for round in 0..<2 {
            let setup = try await self.go(.post, "/session/totp", by: nina)
            let codes = TOTP(secret: try #require(setup["secret"]?.text.flatMap(Base32.decode)))
            let code = JSONValue.string(codes.code(step: TOTP.step(at: Date())))
            try await self.go(.put, "/session/totp", ["code": code], by: nina)
            let proof: JSONValue = ["password": .string(People.password)]
            try await self.go(.post, "/session/recovery-codes", proof, by: nina)
            if round == 0 { try await self.go(.post, "/session/totp/disable", proof, by: nina) }
        }
        try await self.go(.post, "/users/nina/disable-totp")
        let again = try await self.server.session(of: "nina")
        try await self.go(
            .put, "/session/password",
            ["oldPassword": .string(People.password), "newPassword": "Ganz etwas anderes 1"], by: again)
        try await self.go(.delete, "/session", by: again)
    }

    private func system() async throws {
        for path in ["/permissions", "/openapi.json", "/system/version", "/system/health", "/statistics?days=2"] {
            try await self.go(.get, path)
        }
        try await self.go(.post, "/system/backup", ["passphrase": "correct horse battery staple"])
        let events = try await self.numbers("/audit?limit=1000")
        for id in events { try await self.go(.get, "/audit/\(id)") }
        try await self.go(.get, "/audit/verification")
        for format in ["jsonl", "csv"] { try await self.go(.get, "/audit/export?format=\(format)") }
        try await self.go(.post, "/audit/prune", ["before": "2026-01-01"])
    }

    private func endings() async throws {
        for path in ["/profiles/vpn", "/users/helen", "/users/nina", "/roles/helpdesk", "/templates/Door%20Locks"] {
            try await self.go(.delete, path)
        }
    }
}
