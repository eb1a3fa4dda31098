public import SCEP

/// What certificates are for: a subject with a counter in it, so that each has its own.
public struct SubjectTemplate: Hashable, Sendable {
    /// What stands for the counter.
    public static let placeholder = "{number}"

    /// `CN=load-1.example` and so on.
    public static let usual = SubjectTemplate(unchecked: "CN=load-\(Self.placeholder).example")

    private let text: String

    private init(unchecked text: String) {
        self.text = text
    }

    /// Takes a subject such as `CN=load-{number},O=Example`.
    ///
    /// - Parameter text: A subject, as ``SubjectName`` reads it.
    /// - Throws: ``SCEPError`` with code `encoding` where there is no counter in it, or it is no subject.
    public init(_ text: String) throws(SCEPError) {
        guard text.contains(Self.placeholder) else {
            throw SCEPError(
                .encoding, "the template has no \(Self.placeholder) in it, so all certificates would be alike")
        }
        self.text = text
        _ = try self.subject(1)
    }

    /// A subject's Name, encoded.
    func subject(_ number: Int) throws(SCEPError) -> [UInt8] {
        try SubjectName.encoded(self.text.replacing(Self.placeholder, with: "\(number)"))
    }
}
