import AdminUI
import AdministrationAPI
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import Server

@Suite("The pages of CAs and templates")
struct AuthorityPagesTests {
    private static func name(_ people: People) async throws -> String {
        try #require(try await people.administration.authorityDescriptions().first).name
    }

    @Test("show whoever may only read no button, and let them do nothing")
    func reading() async throws {
        try await PagesTests.run { people, browser in
            let vera = try await PagesTests.enter(people, browser, "vera", "viewer")
            let authority = "/admin/cas/" + APIPath.escaped(try await Self.name(people))
            for path in ["/admin/cas", authority, "/admin/templates", "/admin/templates/Default"] {
                let page = try await vera.get(path)
                #expect(page.status == .ok, "\(path)")
                let main = page.text.components(separatedBy: "<main").last ?? ""
                #expect(!main.contains("<form method=\"post\""), "\(path)")
            }
            for path in ["/admin/cas/new", "/admin/cas/import", "/admin/ca-requests/new", "/admin/templates/new"] {
                #expect(try await vera.get(path).status == .forbidden, "\(path)")
            }
            let verbs = ["retire", "reinstate", "default", "sign", "rollover", "reschedule"].map {
                "\(authority)/\($0)"
            }
            let others = [
                "/admin/cas/new", "/admin/cas/import", "/admin/ca-requests/new", "/admin/ca-requests/x/install",
                "/admin/ca-requests/x/give-up", "/admin/templates/new", "/admin/templates/Default",
                "/admin/templates/Default/delete",
            ]
            for path in verbs + others {
                let answer = try await vera.post(path)
                #expect(answer.status == .forbidden && answer.text.contains(":write"), "\(path)")
            }
        }
    }

    @Test("give an administrator the CA's files, and say what is not there")
    func files() async throws {
        try await PagesTests.run { people, browser in
            let ada = try await PagesTests.enter(people, browser, "ada", "administrator")
            let authority = "/admin/cas/" + APIPath.escaped(try await Self.name(people))
            let der = try await ada.get(authority + "/download?form=der")
            #expect(der.headers[.contentType] == "application/pkix-cert" && der.body.getInteger(at: 0) == UInt8(0x30))
            for form in ["pem", "chain", "nonsense"] {
                let answer = try await ada.get(authority + "/download?form=" + form)
                #expect(answer.text.hasPrefix("-----BEGIN CERTIFICATE-----"), "\(form)")
            }
            for path in ["/admin/cas/nobody", "/admin/templates/none", "/admin/ca-requests/none"] {
                #expect(try await ada.get(path).status == .notFound, "\(path)")
            }
            let builtIn = try await ada.post("/admin/templates/Default", [("validityDays", "1")])
            #expect(builtIn.status != .seeOther && builtIn.text.contains("built in"))
        }
    }

    @Test("never show a key again that was sent")
    func keys() async throws {
        try await PagesTests.run { people, browser in
            let ada = try await PagesTests.enter(people, browser, "ada", "administrator")
            let key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"
            let answer = try await ada.post("/admin/cas/import", [("key", key), ("password", "of the file")])
            #expect(answer.status != .seeOther)
            #expect(!answer.text.contains("c2VjcmV0") && !answer.text.contains("of the file"))
        }
    }
}
