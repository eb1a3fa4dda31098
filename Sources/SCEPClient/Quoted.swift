import SCEP

extension String {
    /// What somebody else says, in quotation marks, at the end of a sentence.
    var quoted: String { self.hasSuffix(".") ? "\"\(self.printable)\"" : "\"\(self.printable)\"." }
}
