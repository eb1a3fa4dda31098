import CertificateAuthority
import CryptographicMessageSyntax
import Foundation

/// What a CA reads besides requests: questions about certificates, its own earlier CRLs, and administrators' files.
let authorityDecoders: [Decoder] = [
    { bytes in
        let request = try OCSPRequest(derEncoded: bytes)
        precondition(
            (1...OCSPRequest.maximumCertificates).contains(request.certificates.count)
                && request.nonce.map { OCSPRequest.nonceLengths.contains($0.count) } ?? true,
            "a request is read that is out of bounds"
        )
        for certificate in request.certificates {
            precondition(bytes.firstRange(of: certificate.encoded) != nil, "a CertID is not echoed as it came")
        }
        let again = try OCSPRequest.decoded(path: Data(bytes).base64EncodedString())
        precondition(again == request, "a request by GET is another one than by POST")
    },
    { bytes in _ = try OCSPRequest.decoded(path: String(decoding: bytes, as: UTF8.self)) },
    { bytes in
        var entries = try RevocationListEntries(of: bytes)
        let count = entries.count
        let removed = entries.remove(serialNumbers: [[0x11], [0x01], Array(bytes.prefix(20).suffix(2))])
        precondition(entries.count == count - removed, "entries are lost")
        precondition(entries.remove(serialNumbers: [[0x11], [0x01]]) == 0, "an entry is there after it was removed")
        try entries.append(RevokedCertificate(serialNumber: [0x11], revokedAt: Date(timeIntervalSince1970: 0)))
        precondition(entries.remove(serialNumbers: [[0x11]]) == 1, "an entry that was appended is not found")
    },
    { bytes in
        // In front of it stands what makes it PEM: the iterations of a PKCS#12 would be worked on for seconds.
        let file = try KeyFile(Array("-----BEGIN ".utf8) + bytes, password: nil)
        _ = try? file.identity()
        let bundle = CertificateBundle(file.certificates)
        guard !bundle.certificates.isEmpty else { return }
        let again = try KeyFile(Array(bundle.pem.utf8), password: nil)
        precondition(again.certificates == file.certificates, "certificates are not read again as they were written")
    },
]
