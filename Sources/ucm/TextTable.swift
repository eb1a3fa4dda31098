import SCEP

/// Lines in columns, the last of which may be as long as it likes.
///
/// Nothing in a cell can do anything to a terminal or begin another line, whoever has written it: the only escape codes are
/// the style's.
struct TextTable {
    private let header: [String]
    private let rows: [[String]]

    init(_ header: [String], _ rows: [[String]]) {
        self.header = header
        self.rows = rows.map { $0.map(\.printable) }
    }

    /// The lines, in which colour takes no room.
    func lines(in style: Style) -> [String] {
        let all = [self.header] + self.rows
        let widths = self.header.indices.map { column in
            all.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return all.enumerated().map { number, row in
            zip(row, zip(self.header, widths)).enumerated().map { column, cell in
                let (text, (heading, width)) = cell
                let color = number == 0 ? nil : Color.of(text, under: heading)
                let room = column == row.count - 1 ? 0 : width + 2 - text.count
                return style.colored(text, color) + String(repeating: " ", count: max(0, room))
            }
            .joined()
        }
    }
}
