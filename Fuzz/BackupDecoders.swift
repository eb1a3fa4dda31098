import Registry

@testable import Server

/// What a restoration reads: the header in the clear, and what is inside once it is decrypted.
let backupDecoders: [Decoder] = [
    { bytes in
        // Half of the inputs have the beginning already, which is hard to find by chance.
        var rest = (bytes.first ?? 0) % 2 == 0 ? Array("UCM DUMP\0\u{1}".utf8) + bytes : Array(bytes.dropFirst())
        var reader = try DumpReader {
            defer { rest = Array(rest.dropFirst(7)) }
            return Array(rest.prefix(7))
        }
        var columns = 0
        while let part = try reader.next() {
            switch part {
            case .table(let table): columns = table.columns.count
            case .row(let values): precondition(values.count == columns, "a row has another number of values")
            case .tableEnd(let rows): precondition(rows <= bytes.count, "more rows than bytes")
            }
        }
    },
    { bytes in
        let header = try BackupHeader(encoded: bytes)
        precondition(header.encoded == bytes, "a header is not written as it was read")
        precondition((1 << 10...1 << 20).contains(header.chunkSize), "a chunk is out of bounds")
    },
    { bytes in
        var rest = bytes[...]
        _ = try BackupContents(reading: { count in
            guard rest.count >= count else { throw BackupError(.damaged, "too short") }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        })
    },
]
