import AdministrationAPI
import CertificateAuthority
import Enrollment

@testable import Server

/// What is read as text: stored explanations, files that an administrator imports, and what proxies write into headers.
let textDecoders: [Decoder] = [
    { bytes in
        guard let explanation = Explanation(text: String(decoding: bytes, as: UTF8.self)) else { return }
        precondition(Explanation(text: explanation.text) == explanation, "an explanation is not read again")
    },
    { bytes in
        let table = try CommaSeparatedValues(reading: bytes)
        let again: CommaSeparatedValues
        do throws(CommaSeparatedValues.Fault) {
            again = try CommaSeparatedValues(reading: Array(table.text.utf8))
        } catch {
            // Apostrophes in front of formulas make it longer.
            guard bytes.count > CommaSeparatedValuesParser.maximumFieldSize / 2 else { preconditionFailure("\(error)") }
            throw error
        }
        precondition(
            again.columns == table.columns && again.rows.map(\.fields) == table.rows.map(\.fields),
            "a table is not read again as it was written"
        )
    },
    { bytes in
        // The lines of a header field have line ends between them here.
        let lines = bytes.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
        for hops in [ForwardedHops(forwarded: lines), ForwardedHops(xForwardedFor: lines)] {
            precondition(hops.addresses.count <= ForwardedHops.maximumHops + 1, "too many hops")
            precondition(hops.addresses.allSatisfy { $0?.unmapped == $0 }, "an IPv4 address is written as IPv6")
        }
        _ = TimeSpan(lines.first ?? "")
    },
    { bytes in
        let value = try JSONValue(json: bytes)
        let again = try? JSONValue(json: Array(value.prettyText.utf8))
        precondition(again == value, "JSON is not read again as it was written")
    },
    { bytes in
        guard let date = APIDate.date(String(decoding: bytes, as: UTF8.self)), APIDate.possible.contains(date) else {
            return
        }
        let text = APIDate.text(date)
        precondition(APIDate.date(text).map(APIDate.text) == text, "a time is not read again as it was written")
    },
]
