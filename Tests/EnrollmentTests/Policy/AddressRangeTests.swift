import CertificateAuthority
import Enrollment
import Foundation
import Testing

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.0/8", "9.255.255.255", false),
        ("192.168.7.0/25", "192.168.7.127", true), ("192.168.7.0/25", "192.168.7.128", false),
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1/32", "192.0.2.1", true),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "203.0.113.9", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
        ("2001:db8::/33", "2001:db8:8000::", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("::ffff:10.1.2.3", "10.1.2.3", true), ("10.0.0.0/8", "::10.1.2.3", false),
    ])
    func `an address lies in a range or not`(range: String, address: String, isInside: Bool) throws {
        let address = try #require(IPAddress(address))
        #expect(try AddressRange(parsing: range).contains(address) == isInside)
    }

    @Test(arguments: [
        ("", 0), ("example.com", 0), ("10.0.0.0/33", 9), ("10.0.0.0/", 9), ("10.0.0.0/-1", 9), ("10.0.0.0/8/8", 9),
        ("10.0.0.0/ 8", 9), ("10.0.0.0/٨", 9), ("2001:db8::/129", 11), ("10.0.0.1/8", 0), ("10.0.0/8", 0),
        ("::ffff:10.0.0.0/104", 0), (" 10.0.0.0/8", 0), ("10.0.0.0/99999999999999999999", 9),
    ])
    func `what is no range is refused with its place`(text: String, offset: Int) {
        let error = #expect(throws: PolicySyntaxError.self) { try AddressRange(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.text == text)
    }

    @Test func `the range that was meant is named`() {
        let error = #expect(throws: PolicySyntaxError.self) { try AddressRange(parsing: "10.1.2.3/8") }
        #expect(
            error?.description == "\"10.1.2.3/8\", at character 1: the address has bits set behind the prefix; "
                + "the range it lies in is 10.0.0.0/8"
        )
    }

    @Test(arguments: [
        (["0.0.0.0/0"], true), (["::/0"], true), (["0.0.0.0/1", "128.0.0.0/1"], true),
        (["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"], true), (["0.0.0.0/1", "128.0.0.0/2"], false),
        (["0.0.0.0/1", "8000::/1"], false), ([], false), (["10.0.0.0/8", "192.168.0.0/16"], false),
        (["::/1", "8000::/1", "10.0.0.0/8"], true), (["0.0.0.0", "255.255.255.255"], false),
    ])
    func `ranges that are everybody's are known as such`(ranges: [String], areEverybody: Bool) throws {
        #expect(AddressRange.areEverybody(try ranges.map(AddressRange.init(parsing:))) == areEverybody)
    }

    @Test func `a range is stored as it is written`() throws {
        let ranges = try ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"].map(AddressRange.init(parsing:))
        let stored = try JSONEncoder().encode(ranges)
        let text = String(decoding: stored, as: UTF8.self).replacing("\\/", with: "/")
        #expect(text == #"["10.0.0.0/8","2001:db8::/32","192.0.2.7"]"#)
        #expect(try JSONDecoder().decode([AddressRange].self, from: stored) == ranges)
    }
}
