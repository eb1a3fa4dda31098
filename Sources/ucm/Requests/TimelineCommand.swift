import AdministrationAPI
import ArgumentParser
import Server

extension RequestCommand {
    /// `ucm request timeline`.
    struct Timeline: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what happened to a request, from its device's first question on.",
            usage: "ucm request timeline 17",
            discussion: """
                Every exchange of the device with the server, with the algorithms that it used, and everything that was \
                decided; for a failure its cause and its cure.
                """
        )

        @Argument(help: "The request's number.") var id: Int64
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let timeline = try await api.get("requests", "\(self.id)", "timeline")
                let items = timeline["items"]?.array ?? []
                api.show(items) {
                    guard !items.isEmpty else { return print("Nothing is known of what happened to it.") }
                    printTable(["DATE", "OUTCOME", "FROM", "WHAT"], items.flatMap(Self.rows))
                }
            }
        }

        /// The row of what happened, and one for each sentence about it.
        private static func rows(_ item: JSONValue) -> [[String]] {
            let exchange = item["exchange"].flatMap { $0 == .null ? nil : $0 }
            let title = [item["title"]?.text, ExchangeText.algorithms(item).map { "(\($0))" }].compactMap(\.self)
            let from = exchange?.text("address") ?? item["event"]?.text("address", otherwise: "-") ?? "-"
            let first = [item.text("at"), item.text("outcome"), from, title.joined(separator: " ")]
            let sentences =
                item["cause"]?.text.map { [$0, item["cure"]?.text] } ?? [item["detail"]?.text]
            return [first] + sentences.compactMap(\.self).map { ["", "", "", shortened($0)] }
        }
    }
}
