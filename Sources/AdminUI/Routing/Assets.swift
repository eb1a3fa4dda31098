/// The style sheet and the scripts, under names that change with what is in them, so that browsers keep them for good.
enum Assets {
    static let directory = "assets"

    private struct Asset {
        let name: String
        let type: String
        let text: String

        init(_ name: String, _ ending: String, type: String, _ text: StaticString) {
            self.text = "\(text)"
            self.type = type
            self.name = "\(name)-\(Self.digest(self.text)).\(ending)"
        }

        /// FNV-1a: it only has to differ when the text does.
        private static func digest(_ text: String) -> String {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return String(hash, radix: 36)
        }
    }

    private static let style = Asset("ucm", "css", type: "text/css; charset=utf-8", Stylesheet.text)
    private static let script = Asset("ucm", "js", type: "text/javascript; charset=utf-8", Script.text)

    private static func path(_ asset: Asset) -> String { "\(AdminPages.root)/\(Self.directory)/\(asset.name)" }

    /// What a page's head has of them.
    static let head: HTML = [
        .start("link", ["rel": "stylesheet", "href": Self.path(Self.style)]),
        .element("script", ["src": Self.path(Self.script), "type": "module"], .nothing),
        .start("link", ["rel": "icon", "href": "data:,"]),
    ]

    /// The asset at a path; nil where there is none.
    static func response(to path: [String]) -> PageResponse? {
        guard path.count == 2, let asset = [Self.style, Self.script].first(where: { $0.name == path[1] }) else {
            return nil
        }
        return PageResponse(.asset(asset.text, type: asset.type))
    }
}
