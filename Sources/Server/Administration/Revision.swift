import CertificateAuthority
import Crypto
import Foundation
import SCEP

/// What stands for a state of something that can be edited, so that nobody overwrites what he has not seen.
enum Revision {
    /// The revision of what is stored.
    static func of(_ parts: String...) -> String {
        var hash = SHA256()
        for part in parts { hash.update(data: Array("\(part.utf8.count):\(part)".utf8)) }
        return Array(Array(hash.finalize()).prefix(12)).hexadecimal
    }
}

extension StoredSettings {
    /// What stands for these settings.
    var revision: String {
        get throws { Revision.of(try self.json()) }
    }
}

extension AdministrationError {
    /// Refuses to overwrite what somebody has not seen.
    ///
    /// - Parameters:
    ///   - expected: The revision that was seen; nil where that does not matter.
    ///   - current: The present one.
    ///   - what: What it is of.
    /// - Throws: ``AdministrationError`` of the kind `changed`.
    static func check(_ expected: String?, is current: String, _ what: String) throws(AdministrationError) {
        guard let expected, expected != current else { return }
        throw Self.changed(what)
    }

    /// Somebody else was faster.
    static func changed(_ what: String) -> AdministrationError {
        AdministrationError("somebody else has changed \(what) since it was read: read it again", .changed)
    }
}
