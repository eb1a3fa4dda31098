import AdministrationAPI
import CryptographicMessageSyntax
import Foundation
import TestSupport

@testable import Server

/// A body for each route that takes one, by which something would be done or refused for a good reason: what is wrong with
/// it then is what a test has put into it.
enum BodyTable {
    static func rows() throws -> [(route: String, body: JSONValue)] {
        let request = JSONValue.string(
            Data(try TestEnrolment().certificationRequest().encoded).base64EncodedString())
        let order: JSONValue = [
            "profile": "default", "label": "new", "device": "pump-4", "user": "anna", "uses": 1,
            "expiresAt": "2090-01-01T00:00:00Z", "secret": .null,
            "binding": ["subjects": [], "sans": [], "addresses": [], "template": .null],
        ]
        let profile: [(String, JSONValue)] = [
            ("ca", .null), ("mode", "ra"), ("algorithmLevel", "compatible"), ("template", "Default"),
            ("open", false), ("approval", "automatic"),
            (
                "rules",
                [
                    "credentials": "any", "addresses": [], "subjects": [], "sans": [], "keys": [],
                    "otherwise": "refuse",
                ]
            ),
            ("queue", ["approvals": 1, "days": 7, "limit": 10, "limitPerAddress": 10]),
        ]
        let terms: [(String, JSONValue)] = [
            ("subject", "CN=x"), ("validityDays", 30), ("pathLength", "usual"), ("permitted", []), ("excluded", []),
            ("purposes", []), ("policies", []),
        ]
        let key: [(String, JSONValue)] = [("csr", request), ("keyForm", "pkcs12"), ("password", .null)]
        let why: [(String, JSONValue)] = [("reason", "superseded"), ("invalidityDate", .null), ("note", "old")]
        func object(_ members: [(String, JSONValue)]...) -> JSONValue { .object(JSONObject(members.flatMap { $0 })) }
        return [
            ("POST /profiles", object([("name", "p{n}"), ("challenge", .null)], profile)),
            ("PATCH /profiles/{name}", object(profile)),
            ("PUT /profiles/{name}/challenge", ["challenge": .null]),
            ("POST /profiles/{name}/explain", ["csr": request, "address": "10.1.2.3", "challenge": .null]),
            ("POST /challenges", order), ("POST /challenges/batch", ["challenges": [order]]),
            ("POST /requests/{id}/approve", ["template": "Default", "validityDays": 30, "subject": "CN=x"]),
            ("POST /requests/{id}/reject", ["reason": "sold"]),
            (
                "POST /requests/decide",
                ["ids": [999_999], "action": "reject", "reason": "sold", "template": .null]
            ),
            (
                "POST /certificates",
                object(
                    key,
                    [
                        ("ca", .null), ("template", "Default"), ("subject", "CN=x"), ("sans", ["DNS:x.example"]),
                        ("validityDays", 30),
                    ])
            ),
            ("POST /certificates/{serial}/renew", object(key)),
            ("POST /certificates/{serial}/revoke", object(why)),
            ("POST /certificates/{serial}/hold", ["note": "lost"]),
            ("POST /certificates/{serial}/release", ["note": "found"]),
            ("POST /certificates/revoke", object(why, [("name", "nothing-here"), ("dryRun", true)])),
            (
                "POST /cas",
                object([("name", "CA {n}"), ("parent", .null), ("key", "p256"), ("answersSCEP", false)], terms)
            ),
            ("POST /cas/import", ["name": "I", "files": ["AAAA"], "password": .null]),
            ("POST /cas/{name}/sign", object([("csr", request)], terms)),
            (
                "POST /cas/{name}/rollover",
                ["to": "nothing-here", "newName": .null, "key": "p256", "switchAt": "2030-01-01T00:00:00Z"]
            ),
            ("PUT /cas/{name}/rollover", ["switchAt": "2030-01-01T00:00:00Z"]),
            ("POST /ca-requests", ["name": "R {n}", "key": "p256", "answersSCEP": false, "subject": "CN=x"]),
            ("POST /ca-requests/{name}/install", ["files": ["AAAA"]]),
            ("POST /templates", ["name": "T {n}", "from": "Default", "validityDays": 30, "keyUsage": []]),
            ("PATCH /templates/{name}", ["validityDays": 30]),
            ("PATCH /settings/limits", [:]), ("PATCH /settings/publication", [:]), ("PATCH /settings/sessions", [:]),
            ("PATCH /settings/passwords", [:]), ("PATCH /settings/audit", [:]),
            (
                "POST /users",
                ["name": "u{n}", "role": "viewer", "fullName": "U", "password": .string(People.password)]
            ),
            ("PATCH /users/{name}", ["fullName": "U", "role": "viewer", "disabled": false]),
            ("POST /users/{name}/reset-password", ["password": .null]),
            ("POST /roles", ["name": "r{n}", "description": "R", "permissions": ["profiles:read"]]),
            ("PATCH /roles/{name}", ["description": "R", "permissions": ["profiles:read"]]),
            ("POST /tokens", ["name": "t{n}", "scopes": ["profiles:read"], "expiresAt": .null, "user": .null]),
            ("POST /session", ["name": "nobody-{n}", "password": "wrong", "code": .null]),
            ("PUT /session/password", ["oldPassword": "wrong", "newPassword": "Ganz etwas anderes 1"]),
            ("PUT /session/totp", ["code": "123456"]), ("POST /session/totp/disable", ["password": "wrong"]),
            ("POST /session/recovery-codes", ["password": "wrong"]),
            ("POST /audit/prune", ["before": "2000-01-01T00:00:00Z"]),
            ("POST /system/backup", ["passphrase": "correct horse battery staple"]),
        ]
    }

    /// Every field that a schema knows, also those inside others, with what it says of them.
    static func fields(of schema: JSONValue, inside path: [String] = []) -> [(path: [String], schema: JSONValue)] {
        (schema["properties"]?.names ?? []).flatMap { name -> [(path: [String], schema: JSONValue)] in
            let field = schema["properties"]?[name] ?? .null
            return [(path + [name], field)] + Self.fields(of: field, inside: path + [name])
        }
    }
}

extension JSONValue {
    /// The same with another value somewhere inside.
    func setting(_ path: ArraySlice<String>, to value: JSONValue) -> JSONValue {
        guard let name = path.first else { return value }
        guard case .object(var object) = self else {
            return JSONValue.object(JSONObject()).setting(path, to: value)
        }
        object[name] = (object[name] ?? .object(JSONObject())).setting(path.dropFirst(), to: value)
        return .object(object)
    }
}
