import AdministrationAPI
import Testing

@testable import Server

@Suite("An answer of the API")
struct APIAnswerTests {
    @Test("is what the description says of it, for every route there is")
    func tour() async throws {
        try await APIServer.run { server in
            let tour = try await APITour(server)
            // Each answer is held against the description when it comes.
            try await tour.run()
            #expect(Set(API.routes.map(\.name)).subtracting(tour.visited) == [])
        }
    }
}
