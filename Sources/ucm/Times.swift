import AdministrationAPI
public import ArgumentParser
import Foundation
public import Server

extension TimeSpan: ExpressibleByArgument {
    /// Reads a length of time; nil where the text is none.
    public init?(argument: String) { self.init(argument) }
}

/// A point in time as people write it: 2027-01-31T12:00:00Z.
struct PointInTime: ExpressibleByArgument {
    let date: Date

    init?(argument: String) {
        guard let date = APIDate.date(argument) else { return nil }
        self.date = date
    }
}
