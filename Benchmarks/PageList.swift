import Foundation

/// The pages that are measured.
enum PageList {
    /// What does not read the database: the least that a page can take.
    static let reference = "a static file"

    /// By their addresses below /admin, or as API below /api/v1; what is in braces differs from run to run.
    static let all: [String] = [Self.reference, "dashboard"] + Self.requests + Self.certificates + Self.others

    private static let requests = [
        "requests", "requests?after={half}", "requests?after={few}", "requests?since={-400}&until={-370}",
        "requests?status=pending", "requests?status=issued", "requests?status=rejected", "requests?status=expired",
        "requests?status=replaced", "requests?status=rejected&profile=lab", "requests?profile=lab",
        "requests?profile=vpn", "requests?q=pump", "requests?q=pump-000326", "requests?q=0326.plant6",
        "requests?q=nothing-like-it", "requests?q=zz", "requests?q=plant7&profile=vpn",
        "requests?q=plant7&status=expired", "requests?address=10.3.7.7", "requests?transactionID=none",
    ]
    private static let certificates = [
        "certificates", "certificates?after={half}", "certificates?state=valid", "certificates?state=expired",
        "certificates?state=revoked", "certificates?state=held", "certificates?profile=lab",
        "certificates?profile=vpn&state=revoked", "certificates?ca=Devices", "certificates?ca=Devices&state=expired",
        "certificates?template=IPsec", "certificates?template=none", "certificates?origin=manual",
        "certificates?state=valid&endsBefore={30}", "certificates?endsBefore={-600}", "certificates?endsAfter={355}",
        "certificates?q=pump", "certificates?q=pump-000326", "certificates?q=0326.plant6",
        "certificates?q=nothing-like-it", "certificates?q=plant7&state=held",
    ]
    private static let others = [
        "challenges", "challenges?usable=true", "challenges?profile=lab", "challenges?profile=lab&usable=true", "audit",
        "audit?kind=refused", "audit?kind=issued", "audit?kind=profileDeleted", "audit?actor=ada", "audit?actor=nobody",
        "audit?profile=lab", "audit?address=10.3.7.7", "audit?object=challenge", "audit?since={-400}&until={-370}",
        "audit?q=pump-000326", "audit?q=nothing-like-it", "users", "profiles", "API exchanges",
        "API exchanges?outcome=refused", "API exchanges?outcome=unanswered", "API exchanges?profile=lab",
        "API exchanges?operation=GetCACert", "API exchanges?address=10.3.7.7", "API exchanges?q=pump-000326",
        "API exchanges?q=nothing-like-it", "API requests/count?status=pending&atMost=1000",
    ]

    /// Whether a browser shows it.
    static func isPage(_ page: String) -> Bool { page != Self.reference && !page.hasPrefix(Self.api) }

    private static let api = "API "

    /// The path of a page.
    ///
    /// - Parameters:
    ///   - page: One of them.
    ///   - rows: How many rows a list has.
    ///   - file: The path of a file that is always the same.
    /// - Returns: The path.
    static func path(_ page: String, rows: Int, file: String) -> String {
        if page == Self.reference { return file }
        if page == "dashboard" { return "/admin/" }
        var path = page.hasPrefix(Self.api) ? "/api/v1/" + page.dropFirst(Self.api.count) : "/admin/" + page
        path = path.replacing("{half}", with: "\(rows / 2)").replacing("{few}", with: "\(rows / 100)")
        for days in [-600, -400, -370, 30, 355] {
            let day = Date().addingTimeInterval(Double(days) * 86_400).formatted(.iso8601.year().month().day())
            path = path.replacing("{\(days)}", with: day)
        }
        if page.hasPrefix(Self.api), !page.contains("count") { path += (page.contains("?") ? "&" : "?") + "limit=50" }
        return path
    }

    /// The files that a page asks for.
    static func assets(of page: String) throws -> [String] {
        let paths = page.split(separator: "\"").map(String.init).filter { $0.hasPrefix("/admin/assets/") }
        guard !paths.isEmpty else { throw BenchmarkError("the page has no style sheet") }
        return paths
    }
}
