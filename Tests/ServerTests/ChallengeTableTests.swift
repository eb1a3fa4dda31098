import Foundation
import Testing

@testable import Server

/// Challenges in a CSV file: what is wrong is said with its line, before anything is made.
@Suite struct ChallengeTableTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test(arguments: [
        ("device,uses\na,1\nb,0\n", "line 3: a challenge is good for 1 to 1000000 uses"),
        ("device,uses\na,many\n", "line 2: uses is \"many\""),
        ("device,valid\na,0s\n", "line 2: the challenge would have ended"),
        ("device,template\na,Default\nb,Nothing\n", "line 3: there is no template Nothing"),
        ("device,subject\na,\"CN=a,O=\"\n", "line 2: subject is \"CN=a,O=\", at character 8"),
        ("device,address\na,10.0.0.1/8\n", "line 2: address is \"10.0.0.1/8\", at character 1"),
        ("devise\na\n", "line 1, column 1: there is no column \"devise\""),
        ("device\n", "no line after it"),
    ])
    func `the line that is wrong is named`(text: String, complaint: String) {
        let error = #expect(throws: AdministrationError.self) {
            try ChallengeTable(csv: Array(text.utf8), profile: "default", at: Self.now)
        }
        #expect(error.map { "\($0)" }?.contains(complaint) == true)
    }

    @Test func `an empty cell leaves the usual`() throws {
        let table = try ChallengeTable(csv: Array("device,uses,valid\npump-1,,\n".utf8), profile: "pumps", at: Self.now)
        var order = ChallengeOrder(profile: "pumps", at: Self.now)
        order.device = "pump-1"
        #expect(table.orders == [order])
    }
}
