import Foundation

/// What Prometheus would read from a text in its format 0.0.4, and everything about which it would complain.
struct ParsedMetrics {
    struct Fault: Error, CustomStringConvertible {
        var line: Int
        var description: String
    }

    struct Family {
        var help: String
        var type: String
        /// Values by name with suffix and labels.
        var series: [Series: Double] = [:]
    }

    struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    private(set) var families: [String: Family] = [:]
    private var line = 0
    private var current: String?

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Fault(line: 0, description: "no line feed at the end") }
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            self.line += 1
            try self.read(String(line))
        }
        for (name, family) in self.families { try self.check(name, family) }
    }

    /// The value of a series; nil where there is none.
    subscript(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        self.families.values.lazy.compactMap { $0.series[Series(name: name, labels: labels)] }.first
    }

    /// The sum of all series of a name.
    func sum(_ name: String) -> Double {
        self.families.values.flatMap(\.series).filter { $0.key.name == name }.map(\.value).reduce(0, +)
    }

    private func fault(_ description: String) -> Fault { Fault(line: self.line, description: description) }

    private mutating func read(_ line: String) throws {
        if line.hasPrefix("# HELP ") {
            let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, Self.isName(parts[0], colons: true) else { throw self.fault("HELP without a name") }
            guard self.families[parts[0]] == nil else { throw self.fault("\(parts[0]) is there twice") }
            try Self.checkEscapes(parts[1], self.fault)
            self.families[parts[0]] = Family(help: parts[1], type: "")
            self.current = parts[0]
        } else if line.hasPrefix("# TYPE ") {
            let parts = line.dropFirst(7).split(separator: " ").map(String.init)
            guard parts.count == 2, parts[0] == self.current, self.families[parts[0]]?.type == "",
                ["counter", "gauge", "histogram"].contains(parts[1])
            else { throw self.fault("TYPE at a wrong place") }
            self.families[parts[0]]?.type = parts[1]
        } else {
            try self.readSample(line)
        }
    }

    private mutating func readSample(_ line: String) throws {
        let name = String(line.prefix { $0 != "{" && $0 != " " })
        guard let current, let family = self.families[current], !family.type.isEmpty, Self.isName(name, colons: true)
        else { throw self.fault("a sample without a family: \(line)") }
        let suffixes = family.type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { current + $0 == name }) else {
            throw self.fault("\(name) is not of \(current)")
        }
        var rest = line.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" { labels = try self.readLabels(&rest) }
        guard rest.first == " ", let value = Self.number(String(rest.dropFirst())) else {
            throw self.fault("no number: \(line)")
        }
        let series = Series(name: name, labels: labels)
        guard self.families[current]?.series.updateValue(value, forKey: series) == nil else {
            throw self.fault("twice: \(line)")
        }
    }

    private func readLabels(_ rest: inout Substring) throws -> [String: String] {
        var labels: [String: String] = [:]
        rest = rest.dropFirst()
        while true {
            let name = String(rest.prefix { $0 != "=" })
            rest = rest.dropFirst(name.count)
            guard Self.isName(name, colons: false), rest.hasPrefix("=\"") else {
                throw self.fault("a bad label \(name)")
            }
            rest = rest.dropFirst(2)
            var value = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\" else {
                    value.append(character)
                    continue
                }
                switch rest.popFirst() {
                case "\\": value += "\\"
                case "\"": value += "\""
                case "n": value += "\n"
                default: throw self.fault("a bad escape")
                }
            }
            guard labels.updateValue(value, forKey: name) == nil else { throw self.fault("the label \(name) twice") }
            guard let next = rest.popFirst() else { throw self.fault("labels without an end") }
            if next == "}" { return labels }
            guard next == "," else { throw self.fault("labels without a comma") }
        }
    }

    private static func isName(_ text: String, colons: Bool) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || byte == UInt8(ascii: "_") || colons && byte == UInt8(ascii: ":")
        }
    }

    private static func checkEscapes(_ text: String, _ fault: (String) -> Fault) throws {
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "\\", !["\\", "n"].contains(rest.popFirst()) { throw fault("a bad escape in HELP") }
        }
    }

    private static func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.first.map { $0.isNumber || $0 == "-" } == true ? Double(text) : nil
        }
    }

    /// What holds for a whole family.
    private func check(_ name: String, _ family: Family) throws {
        guard !family.series.isEmpty else { throw self.fault("\(name) has no samples") }
        switch family.type {
        case "counter":
            guard name.hasSuffix("_total"), family.series.values.allSatisfy({ $0 >= 0 }) else {
                throw self.fault("\(name) is no counter")
            }
        case "histogram":
            let groups = Dictionary(grouping: family.series) { series in
                series.key.labels.filter { $0.key != "le" }
            }
            for (_, members) in groups { try self.checkHistogram(name, members) }
        default: break
        }
    }

    private func checkHistogram(_ name: String, _ members: [(key: Series, value: Double)]) throws {
        let buckets = members.filter { $0.key.name == name + "_bucket" }
            .map { (bound: Self.number($0.key.labels["le"] ?? "") ?? .nan, count: $0.value) }
            .sorted { $0.bound < $1.bound }
        let count = members.first { $0.key.name == name + "_count" }?.value
        guard members.contains(where: { $0.key.name == name + "_sum" }), buckets.last?.bound == .infinity,
            buckets.last?.count == count, zip(buckets, buckets.dropFirst()).allSatisfy({ $0.count <= $1.count })
        else { throw self.fault("\(name) is no histogram") }
    }
}
