import AdministrationAPI
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import Server

@Suite("The pages of the system")
struct SystemPagesTests {
    /// What an operator may not do, and what it would need.
    private static let forbidden = [
        ("/admin/profiles/default", "profiles:write"), ("/admin/profiles/default/delete", "profiles:write"),
        ("/admin/profiles/default/challenge", "profiles:write"),
        ("/admin/profiles/default/challenge/remove", "profiles:write"), ("/admin/roles/new", "users:write"),
        ("/admin/roles/operator", "users:write"), ("/admin/roles/operator/delete", "users:write"),
        ("/admin/users/ada/reset-password", "users:write"), ("/admin/users/ada/sessions/1/end", "users:write"),
        ("/admin/settings/limits", "settings:write"), ("/admin/settings/publication", "settings:write"),
        ("/admin/settings/sessions", "settings:write"), ("/admin/settings/limits/clear", "settings:write"),
        ("/admin/settings/audit", "audit:delete"), ("/admin/settings/audit/forget", "audit:delete"),
        ("/admin/settings/backup", "system:backup"),
    ]

    @Test("let nobody change what is not his", arguments: forbidden)
    func refused(path: String, permission: String) async throws {
        try await PagesTests.run { people, browser in
            let olga = try await PagesTests.enter(people, browser, "olga", "operator")
            let answer = try await olga.post(path)
            #expect(answer.status == .forbidden && answer.text.contains(permission))
        }
    }

    @Test("show what is set, and no form, to whoever may only look")
    func readOnly() async throws {
        try await PagesTests.run { people, browser in
            let olga = try await PagesTests.enter(people, browser, "olga", "operator")
            let profile = try await olga.get("/admin/profiles/default").text
            #expect(profile.contains("People who have to approve") && !profile.contains("Save settings"))
            #expect(!profile.contains("Delete profile") && !profile.contains("the challenge</button>"))
            #expect(try await olga.get("/admin/settings").headers[.location] == "/admin/settings/system")
            #expect(try await olga.get("/admin/settings/limits").status == .forbidden)
            #expect(try await !olga.get("/admin/settings/system").text.contains("/admin/settings/limits"))
            let tokens = try await olga.get("/admin/tokens").text
            #expect(!tokens.contains("Everybody"))
            #expect(try await olga.get("/admin/tokens?user=*").status == .forbidden)
            let offered = try await olga.get("/admin/tokens/new").text
            #expect(offered.contains("requests:decide") && !offered.contains("users:write"))

            let otto = try await PagesTests.enter(people, browser, "otto", "auditor")
            for path in ["limits", "publication", "sessions"] {
                let page = try await otto.get("/admin/settings/\(path)")
                #expect(page.status == .ok && !page.text.contains("Save"), "\(path)")
            }
            let role = try await otto.get("/admin/roles/viewer").text
            #expect(role.contains("requests:read") && !role.contains("type=\"checkbox\" name=\"permissions\""))
        }
    }

    @Test("give a token as its user may, and end it")
    func tokens() async throws {
        try await PagesTests.run { people, browser in
            let olga = try await PagesTests.enter(people, browser, "olga", "operator")
            let beyond = try await olga.post("/admin/tokens/new", [("name", "a"), ("scopes", "users:write")])
            #expect(beyond.status == .unprocessableContent || beyond.status == .forbidden)
            let form = [("name", "a"), ("scopes", "requests:read"), ("scopes", "requests:decide"), ("expiresAt", "")]
            let made = try await olga.post("/admin/tokens/new", form)
            #expect(made.status == .ok && made.text.contains("Bearer ucm_"))
            let again = try await olga.post("/admin/tokens/new", form)
            #expect(again.status == .conflict && again.text.contains("value=\"requests:decide\" checked"))
            #expect(try await olga.get("/admin/tokens").text.contains("2 permissions"))
            let other = try await PagesTests.enter(people, browser, "otto", "operator")
            #expect(try await other.post("/admin/tokens/1/revoke").status != .seeOther)
            #expect(try await olga.post("/admin/tokens/1/revoke").status == .seeOther)
        }
    }

    @Test("offer a second factor after the first password of one's own")
    func firstVisit() async throws {
        try await PagesTests.run { people, browser in
            let order = AccountOrder(name: "ada", role: "administrator", password: People.password)
            _ = try await people.administration.createAccount(order, by: people.machine, at: Date())
            let signIn = try await people.signIn("ada", at: Date())
            let ada = PagesTests.Browser(client: browser.client, secret: signIn.secret, token: signIn.csrfToken)
            func change(_ old: String, _ new: String) async throws -> String? {
                try await ada.post(
                    "/admin/password", [("oldPassword", old), ("newPassword", new), ("again", new)]
                ).headers[.location]
            }
            let own = "quiet rivers carry 4 boats"
            #expect(try await change(People.password, own) == "/admin/welcome?done=password")
            #expect(try await ada.get("/admin/welcome").text.contains("Add a second factor?"))
            #expect(try await change(own, own + " home") == "/admin?done=password")
        }
    }

    @Test("send a backup as a file, and nothing to a wrong form")
    func backup() async throws {
        try await PagesTests.run { people, browser in
            let ada = try await PagesTests.enter(people, browser, "ada", "administrator")
            let path = "/admin/settings/backup"
            let wrong = try await ada.post(path, [("passphrase", "one of them here"), ("again", "another")])
            #expect(wrong.status == .unprocessableContent && wrong.text.contains("not the same"))
            let short = try await ada.post(path, [("passphrase", "short"), ("again", "short")])
            #expect(short.status == .unprocessableContent && short.text.contains("aria-invalid"))
            let both = [("passphrase", "one of them here"), ("again", "one of them here")]
            let done = try await ada.post(path, both)
            #expect(done.status == .ok && done.body.readableBytes > 1000)
            #expect(done.headers[.contentDisposition]?.contains(".backup") == true)
            #expect(done.headers[.cacheControl] == "no-store")
        }
    }

    @Test("keep what two people set, and show what the other has set meanwhile")
    func twoWhoEdit() async throws {
        try await PagesTests.run { people, browser in
            let ada = try await PagesTests.enter(people, browser, "ada", "administrator")
            let page = try await ada.get("/admin/settings/limits").text
            let found = try #require(page.firstMatch(of: /name="revision" value="([^"]*)"/))
            let revision = String(found.1)
            func save(_ failures: String) async throws -> (status: Int, text: String) {
                let fields = [
                    ("requestsPerMinute", ""), ("failuresPerMinute", failures), ("crlsPerMinute", "20"),
                    ("guessesUntilSlowed", "5"), ("guessesUntilLocked", "20"), ("lockMinutes", "60"),
                    ("guessesUntilAlarm", "100"), ("group", "limits"), ("revision", revision),
                ]
                let answer = try await ada.post("/admin/settings/limits", fields)
                return (answer.status.code, answer.text)
            }
            #expect(try await save("41").status == 303)
            let second = try await save("42")
            #expect(second.status == 412 && second.text.contains("Somebody else"))
            #expect(second.text.contains("value=\"41\"") && !second.text.contains("value=\"42\""))
            #expect(try await save("many").text.contains("value=\"many\""))
        }
    }
}
