import CertificateAuthority
import Enrollment

/// What an administrator writes into rules: what is read is written so that it is read as the same again.
let notationDecoders: [Decoder] = [
    { bytes in try check(SubjectPattern.self, bytes) },
    { bytes in try check(AlternativeNamePattern.self, bytes) },
    { bytes in try check(AddressRange.self, bytes) },
    { bytes in try check(KeyRequirement.self, bytes) },
]

/// What an administrator writes into templates and for CAs.
let templateDecoders: [Decoder] = [
    { bytes in try check(SubjectPolicy.self, bytes) },
    { bytes in try check(DirectoryName.self, bytes) },
    { bytes in try check(NameSubtree.self, bytes) },
    { bytes in
        let template = try CertificateTemplate(json: String(decoding: bytes, as: UTF8.self))
        let again = try CertificateTemplate(json: template.json())
        precondition(again == template, "a template is stored as another one")
        try template.check()
    },
    { bytes in
        let constraints = try AuthorityConstraints(certificate: bytes)
        _ = constraints.nameConstraints?.permitted.map(\.description)
    },
]

private func check<Notation: PolicyNotation>(_: Notation.Type, _ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    let read: Notation
    do throws(PolicySyntaxError) {
        read = try Notation(parsing: text)
    } catch {
        // The place is shown under what was written.
        precondition((0...text.count).contains(error.offset), "\(error) is outside of the text")
        throw error
    }
    let again = try? Notation(parsing: read.description)
    precondition(again == read && again?.description == read.description, "\(text.debugDescription) became \(read)")
}
