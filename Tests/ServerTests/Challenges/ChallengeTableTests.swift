import AdministrationAPI
import CertificateAuthority
import Enrollment
import Foundation
import Testing

@testable import Server

@Suite("A CSV file of challenges")
struct ChallengeTableTests {
    static let now = TestInstallation.now

    static func table(_ text: String) throws -> ChallengeTable {
        try ChallengeTable(csv: Array(text.utf8), profile: "routers", at: Self.now)
    }

    @Test("has an order in each line")
    func orders() throws {
        let orders = try Self.table(
            """
            Device,user,label,uses,valid,subject,san,template,address
            pump-4,anna,hall 1,2,12h,CN=pump-4.example.com;CN=pump-4,DNS:*.example.com ; IP:10.0.0.0/8,Network Equipment,10.0.0.0/8
            pump-5,,,,,,,,

            """
        ).orders
        #expect(orders.count == 2)
        var first = ChallengeOrder(profile: "routers", at: Self.now)
        (first.device, first.user, first.label, first.uses) = ("pump-4", "anna", "hall 1", 2)
        first.expiresAt = Self.now.addingTimeInterval(12 * 3600)
        first.binding.subjects = try ["CN=pump-4.example.com", "CN=pump-4"].map(SubjectPattern.init(parsing:))
        first.binding.alternativeNames = try ["DNS:*.example.com", "IP:10.0.0.0/8"]
            .map(AlternativeNamePattern.init(parsing:))
        first.binding.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
        first.binding.template = "Network Equipment"
        #expect(orders.first == first)
        // What a line does not say is as for a challenge made alone: one certificate within the hour, for any name.
        var second = ChallengeOrder(profile: "routers", at: Self.now)
        second.device = "pump-5"
        #expect(orders.last == second)
        #expect(second.uses == 1 && second.binding.isUnbound)
    }

    @Test(
        "is refused with the line and the reason",
        arguments: [
            ("device,colour\na,b", "line 1", "colour"), ("uses\n1\ntwo", "line 3", "uses"),
            ("device,valid\na,1w", "line 2", "valid"), ("subject\nCN=a;O", "line 2", "subject"),
            ("san\n\"DNS:a\"\nhost:b", "line 3", "san"), ("address\n10.0.0.1/8", "line 2", "address"),
            ("device\n\"a", "line 2", "quote"), ("", "line 1", "header"),
            ("device,uses\na,1\nb,0\n", "line 3", "1 to 1000000 uses"),
            ("device,valid\na,0s\n", "line 2", "would have ended"),
            ("device,subject\na,\"CN=a,O=\"\n", "line 2", "at character 8"), ("device\n", "line", "after it"),
        ]
    )
    func refused(text: String, place: String, word: String) throws {
        let error = #expect(throws: AdministrationError.self) { try Self.table(text) }
        #expect(error?.description.contains(place) == true, "\(String(describing: error))")
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }

    @Test("comes back with number and secret before what it had, and no cell becomes a formula")
    func result() throws {
        let table = try Self.table("label,device\n\"a, b\",pump-4\n'=1+1,pump-5\n")
        let made = table.orders.indices.map { number -> JSONValue in
            ["id": .integer(Int64(number + 7)), "secret": .string("secret-\(number)")]
        }
        #expect(table.orders.map(\.label) == ["a, b", "=1+1"])
        #expect(
            table.csv(with: made)
                == "id,challenge,label,device\r\n7,secret-0,\"a, b\",pump-4\r\n8,secret-1,'=1+1,pump-5\r\n"
        )
    }
}
