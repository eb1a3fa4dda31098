import Foundation
import SCEP
import SCEPClient

/// What `-v` shows: every message, decoded, without secrets.
enum VerboseOutput {
    /// Shows an event on standard error.
    static func show(_ event: ClientEvent) {
        switch event {
        case .sending(let request, let content): self.show(request, content)
        case .received(let answer): self.show(answer)
        case .verified(let answer): self.show(answer)
        case .note(let note): Terminal.complain("* \(note.printable)")
        }
    }

    private static func show(_ request: TransportRequest, _ content: PKIRequest?) {
        let url = request.url.replacing(/message=[^&]{200,}/, with: "message=…")
        let body = request.body.map { ", \($0.count) bytes" } ?? ""
        Terminal.complain("> \(request.body == nil ? "GET" : "POST") \(url)\(body)")
        guard let content else { return }
        self.decode((try? request.body ?? CapturedMessage.bytes(in: Array(request.url.utf8))) ?? [], sign: ">")
        self.indent(MessageReport().text(ofContent: content), sign: "> inside")
    }

    private static func show(_ answer: TransportAnswer) {
        let type = answer.contentType.map { ", \($0.printable)" } ?? ""
        Terminal.complain("< HTTP status \(answer.status)\(type), \(answer.body.count) bytes")
        guard answer.status == 200 else { return }
        self.decode(answer.body, sign: "<")
    }

    private static func show(_ answer: VerifiedCertRep) {
        switch answer.answer {
        case .success(let certificates, let crls):
            Terminal.complain("= verified: SUCCESS with \(certificates.count) certificates and \(crls.count) CRLs")
            for bytes in certificates + crls { self.decode(bytes, sign: "=") }
        case .failure(let failInfo, _): Terminal.complain("= verified: FAILURE, \(failInfo.name)")
        case .pending: Terminal.complain("= verified: PENDING")
        }
    }

    private static func decode(_ bytes: [UInt8], sign: String) {
        do throws(SCEPClientError) {
            self.indent(try MessageReport().text(of: bytes), sign: sign)
        } catch {
            Terminal.complain("\(sign) \(error.reason)")
        }
    }

    private static func indent(_ text: String, sign: String) {
        for line in text.split(separator: "\n") { Terminal.complain("\(sign)   \(line)") }
    }
}
