import AdministrationAPI
import Foundation

/// How many things of a list are in which state: figures that narrow the list when they are clicked.
struct StateFigures {
    /// One of them.
    struct Figure {
        var label: String
        /// What the list is narrowed to.
        var filter: [(name: String, value: String)]
        var tone: Badge.Tone?
        /// How many there are, where that is known without counting.
        var count: Int?
    }

    /// Where counting stops: how many more there are says nothing that one would act on.
    private static let most = 1_000

    /// The list's path among the pages.
    var path: String
    /// The route of the API that counts what is not known; nil where everything is.
    var counting: [String]?
    var figures: [Figure]

    /// The figures; none behind the first page, where nobody begins to narrow.
    func html(_ context: PageContext) async -> HTML {
        guard context.query["after"] == nil else { return .nothing }
        var all: [HTML] = []
        for figure in self.figures {
            // A figure that cannot be counted is left out: the list itself says what is wrong.
            guard let count = await self.count(figure, context) else { continue }
            all.append(
                .figure(
                    figure.label, count, to: Link.to(self.path, figure.filter),
                    tone: count == "0" ? nil : figure.tone, isCurrent: Self.isCurrent(figure, context.query)))
        }
        return all.isEmpty ? .nothing : .figures(all)
    }

    private func count(_ figure: Figure, _ context: PageContext) async -> String? {
        if let count = figure.count { return "\(count)" }
        guard let counting else { return nil }
        let query = figure.filter + [(name: "atMost", value: "\(Self.most)")]
        let found = await context.api.send(APIMessage("GET", counting, query: query))
        guard found.isSuccess else { return nil }
        return "\(found.value.count("count"))" + (found.value.isTrue("isExact") ? "" : "+")
    }

    private static func isCurrent(_ figure: Figure, _ query: PageFields) -> Bool {
        let set = query.all.filter { !$0.value.isEmpty && $0.name != "done" }
        return set.count == figure.filter.count && figure.filter.allSatisfy { query[$0.name] == $0.value }
    }
}
