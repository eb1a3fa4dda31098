import AdminUI
import AdministrationAPI
import Crypto
import CryptographicMessageSyntax
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import Server

@Suite("The page that explains the API")
struct DocsPageTests {
    @Test("has every operation, schema and problem, each once, where links lead to it")
    func isComplete() {
        let html = DocsPage.current.html
        let anchors =
            API.routes.map(\.name) + OpenAPI.schemas.map { "schema-\($0.name)" }
            + APIProblem.Code.allCases.map { "problem-\($0.rawValue)" } + OpenAPI.groups.map(DocsPage.anchor)
        for anchor in anchors {
            #expect(html.components(separatedBy: " id=\"\(anchor)\"").count == 2, "\(anchor)")
        }
        for code in APIProblem.Code.allCases {
            #expect(html.contains(HTML(code.title).markup), "\(code)")
        }
        for route in API.routes {
            #expect(html.contains(HTML.code(APIPath.root + route.path).markup), "\(route.path)")
            for parameter in route.query { #expect(html.contains(HTML.code(parameter.name).markup)) }
        }
    }

    @Test("has no link that leads nowhere on it")
    func linksLead() {
        let html = DocsPage.current.html
        let targets = Set(html.matches(of: /\ id="([^"]+)"/).map { String($0.1) })
        for link in html.matches(of: /href="#([^"]+)"/) {
            #expect(targets.contains(String(link.1)), "\(link.1)")
        }
    }

    @Test("has no script, nothing from elsewhere, and every element closed")
    func isPlain() {
        let html = DocsPage.current.html
        for forbidden in ["<script", "javascript:", " on", "src=", "style=", "<link", "url(", "@import"] {
            let found = html.ranges(of: forbidden).filter { range in
                // Words in a text may begin with "on"; attributes stand inside a tag.
                guard forbidden == " on" else { return true }
                let before = html[..<range.lowerBound]
                return (before.lastIndex(of: "<") ?? before.startIndex)
                    > (before.lastIndex(of: ">") ?? before.startIndex)
            }
            #expect(found.isEmpty, "\(forbidden)")
        }
        var open: [Substring] = []
        for tag in html.matches(of: /<(\/?)([a-z][a-z0-9]*)[^<>]*>/) where tag.2 != "meta" {
            if tag.1.isEmpty { open.append(tag.2) } else { #expect(open.popLast() == tag.2) }
        }
        #expect(open.isEmpty)
        #expect(html.utf8.count < 300_000)
    }

    @Test(
        "escapes whatever is put on it",
        arguments: [
            ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"), ("</style><script>", "&lt;/style&gt;&lt;script&gt;"),
            ("{{x}} ${7*7}", "{{x}} ${7*7}"), ("\u{202E}x", "\u{202E}x"),
        ])
    func escapes(text: String, escaped: String) {
        #expect(HTML(text).markup == escaped)
        #expect(HTML.element("p", ["title": text], HTML(text)).markup == "<p title=\"\(escaped)\">\(escaped)</p>")
        #expect(HTML.prose("a `\(text)` b").markup == "a <code>\(escaped)</code> b")
    }

    @Test("is served over HTTPS with a policy that allows its own style and nothing else")
    func isServed() async throws {
        try await LiveInstallation.run { live in
            try await Application(responder: live.installation.router(logger: .quiet).buildResponder()).test(.router) {
                client in
                let response = try await client.execute(uri: "/api/docs", method: .get)
                #expect(response.status == .ok)
                #expect(response.contentType == "text/html; charset=utf-8")
                let html = String(decoding: response.bytes, as: UTF8.self)
                #expect(html == DocsPage.current.html)
                let policy = try #require(response.headers[.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none';"))
                let style = try #require(html.firstMatch(of: /<style>([^<]*)<\/style>/)?.1)
                let digest = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
                #expect(policy.contains("style-src 'sha256-\(digest)';"))
                #expect(!policy.contains("unsafe"))

                let tag = try #require(response.headers[.eTag])
                let again = try await client.execute(uri: "/api/docs", method: .get, headers: [.ifNoneMatch: tag])
                #expect(again.status == .notModified)
                #expect(again.bytes.isEmpty)
                let head = try await client.execute(uri: "/api/docs", method: .head)
                #expect(head.status == .ok)
                #expect(head.bytes.isEmpty)
            }
        }
    }

    @Test("is not served in the clear")
    func isNotServedInTheClear() async throws {
        try await LiveInstallation.run { live in
            let router = live.installation.router(logger: .quiet, on: .http)
            try await Application(responder: router.buildResponder()).test(.router) { client in
                let answer = try await client.execute(uri: "/api/docs", method: .get)
                #expect(answer.status == .notFound)
            }
        }
    }
}
