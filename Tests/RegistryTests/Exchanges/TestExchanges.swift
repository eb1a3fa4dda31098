import Foundation

@testable import Registry

/// Exchanges to put into a registry.
enum TestExchanges {
    static let types = ["PKCSReq", "CertPoll", "RenewalReq"]

    /// One of many that are different in everything.
    static func exchange(_ number: Int) -> NewExchange {
        let operations = ExchangeOperation.allCases
        let outcomes = ExchangeOutcome.allCases
        var exchange = NewExchange(
            operations[number % operations.count],
            outcomes[number % outcomes.count],
            from: "192.0.2.\(number % 4)",
            at: TestRecords.now.addingTimeInterval(Double(number))
        )
        exchange.profile = number.isMultiple(of: 7) ? nil : "profile \(number % 2)"
        if exchange.operation == .pkiOperation {
            exchange.messageType = Self.types[number / 5 % 3]
            exchange.transactionID = "T\(number % 6)"
            exchange.subject = "CN=Gerät \(number), O=Example 100%"
            exchange.request = Int64(number % 8)
            exchange.challenge = 3
            exchange.serialNumber = "0a\(number)"
            exchange.failInfo = "badRequest"
            exchange.cause = "challengeWrong"
            exchange.reason = "wrong challenge"
            exchange.digest = "SHA-256"
            exchange.cipher = "AES-128"
            exchange.signature = "RSA"
        }
        exchange.status = number.isMultiple(of: 2) ? 200 : 400
        exchange.milliseconds = number
        exchange.occurrences = number + 1
        return exchange
    }

    static let all = (0..<120).map(Self.exchange)
}
