import AdministrationAPI
import Foundation
import Server

extension AdministrationClient {
    /// Writes a file that was asked for; for programs, what the API says of it takes the place of one on standard output.
    func handOver(_ bytes: [UInt8], to path: String, _ answer: () async throws -> JSONValue) async throws {
        switch self.output {
        case .table: try Files.write(bytes, to: path)
        case .json:
            if path != "-" { try Files.write(bytes, to: path) }
            self.show(try await answer()) {}
        }
    }
}

extension JSONValue {
    /// The bytes of a name, which are answered in base64; nil where there are none.
    func bytes(_ name: String) -> [UInt8]? {
        self[name]?.text.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    }
}
