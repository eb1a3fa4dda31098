import Testing

@testable import Server

@Suite("A length of time")
struct TimeSpanTests {
    @Test(
        "is a number and a unit",
        arguments: [("30d", 2_592_000), ("12h", 43_200), ("90m", 5400), ("45s", 45), ("1.5h", 5400), ("0s", 0)]
    )
    func read(text: String, seconds: Double) {
        #expect(TimeSpan(text)?.seconds == seconds)
    }

    @Test(
        "is nothing else, and nothing longer than makes sense",
        arguments: [
            "", "d", "30", "30 d", "-1h", "+1h", "1w", "1D", "1e3s", "0x10s", "nans", "infd", "1.2.3h", "1,5h", "１h",
            "100000d",
        ]
    )
    func refused(text: String) {
        #expect(TimeSpan(text) == nil)
    }
}
