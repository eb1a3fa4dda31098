@testable import Registry

extension Registry {
    /// Puts a row of every kind of value into every table there is, whatever tables there are.
    func fillEveryTable() async throws {
        try await self.database.write { connection in
            try connection.deferReferences()
            for table in try connection.tables() where table.name != Registry.versionTable {
                guard try connection.query("SELECT 1 FROM \"\(table.name)\"", []).isEmpty else { continue }
                let values = table.columns.map { column -> SQLValue in
                    switch column.kind {
                    case .integer: .integer(column.name == "max_uses" ? 9 : 1)
                    case .text: .text("ä\n\(table.name).\(column.name)")
                    case .bytes: .bytes([0, 0xff])
                    }
                }
                let columns = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
                let places = values.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
                try connection.execute(
                    "INSERT INTO \"\(table.name)\" (\(columns)) VALUES (\(places))", values)
            }
            // What refers to a text refers to the first one there is.
            try connection.execute("UPDATE challenge SET profile = (SELECT name FROM profile)", [])
        }
    }
}
