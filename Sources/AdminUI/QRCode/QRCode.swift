/// A QR code (ISO/IEC 18004) of a text: as bytes, with error correction of level M, up to version 10.
struct QRCode {
    /// Row by row from above, whether each module is dark.
    let rows: [[Bool]]

    /// Makes the code of a text; nil where the text is longer than fits.
    ///
    /// - Parameters:
    ///   - text: The text; of at most 213 bytes.
    ///   - mask: How it is masked; nil for what can be read best.
    init?(_ text: String, mask: QRMask? = nil) {
        let bytes = Array(text.utf8)
        guard let version = QRVersion.all.first(where: { $0.capacity >= bytes.count }) else { return nil }
        let symbol = QRSymbol(QRCodewords.of(bytes, in: version), version)
        let candidates = (mask.map { [$0] } ?? QRMask.allCases).map { symbol.masked($0).rows }
        let rated = candidates.map { (rows: $0, penalty: QRMask.penalty($0)) }
        guard let best = rated.min(by: { $0.penalty < $1.penalty }) else { return nil }
        self.rows = best.rows
    }

    /// A drawing, dark on light also where the page is dark, because not all readers know it the other way round.
    ///
    /// - Parameter label: What it is, for those who do not see it.
    /// - Returns: The drawing, with the quiet zone of four modules around it.
    func html(_ label: String) -> HTML {
        let quiet = 4
        let side = self.rows.count + 2 * quiet
        var path = ""
        for (y, row) in self.rows.enumerated() {
            var x = 0
            for run in row.chunks {
                if run.isDark { path += "M\(x + quiet) \(y + quiet)h\(run.count)v1h-\(run.count)z" }
                x += run.count
            }
        }
        return .element(
            "svg", ["class": "qr", "viewBox": "0 0 \(side) \(side)", "role": "img", "aria-label": label],
            [
                .element("rect", ["width": "\(side)", "height": "\(side)", "fill": "#fff"], .nothing),
                .element("path", ["d": path, "fill": "#000", "shape-rendering": "crispEdges"], .nothing),
            ])
    }
}

extension [Bool] {
    /// Modules that are the same, one after the other.
    fileprivate var chunks: [(isDark: Bool, count: Int)] {
        var chunks: [(isDark: Bool, count: Int)] = []
        for module in self {
            if let last = chunks.last, last.isDark == module {
                chunks[chunks.count - 1].count += 1
            } else {
                chunks.append((module, 1))
            }
        }
        return chunks
    }
}
