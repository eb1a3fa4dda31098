import Testing

@testable import AdminUI

@Suite("What pages call a device")
struct SubjectTests {
    @Test(
        "is the common name, wherever it stands, and nothing that only looks like one",
        arguments: [
            ("CN=pump-1", "pump-1"), ("O=Example,CN=pump-1", "pump-1"), ("CN=pump-1+serialNumber=7,O=x", "pump-1"),
            ("CN=a\\,b\\+c\\\\,O=x", "a,b+c\\"), ("O=XCN=admin,CN=thief", "thief"),
            ("O=a\\,CN=admin,CN=thief", "thief"),
            ("O=Example", "O=Example"), ("O=XCN=admin", "O=XCN=admin"), ("CN=", "CN="), ("", "(no subject)"),
            ("CN=a\\", "a"),
        ])
    func commonName(subject: String, name: String) {
        #expect(Subject.commonName(subject) == name)
    }
}
