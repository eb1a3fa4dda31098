import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Enrollment
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SCEP

/// Serves what everybody may have of a CA: its latest CRL and its certificates.
///
/// `/crl/<ca>.crl` and `.pem`; `/ca/<ca>.cer`, `.pem` and `.p7c`.
struct DistributionController {
    let configuration: ServedConfiguration

    func addRoutes(to router: Router<UCMRequestContext>) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/crl/{file}", method: method) { request, context in
                self.revocationList(try context.parameters.require("file"), for: request)
            }
            router.on("/ca/{file}", method: method) { request, context in
                try self.certificate(try context.parameters.require("file"), for: request)
            }
        }
    }

    /// A CA's CRL.
    ///
    /// One that has ended is not served: whoever asks shall not take it for what is revoked now.
    private func revocationList(_ file: String, for request: Request) -> Response {
        guard let (authority, form) = self.find(file), ["crl", "pem"].contains(form) else {
            return Self.notFound("There is no CRL of this name: /crl/<ca>.crl or /crl/<ca>.pem.")
        }
        let now = Date()
        guard let list = self.configuration.revocationLists[authority.id], list.nextUpdate > now else {
            var response = Response.plainText(
                .serviceUnavailable,
                "There is no CRL of the CA \(authority.name) that holds now. The server's log says why."
            )
            response.headers[.retryAfter] = "10"
            return response
        }
        // What is a moment old may be kept for some minutes, but not beyond its end; what is known to be out of date not.
        let age = list.isLatest ? min(600, Int(list.nextUpdate.timeIntervalSince(now))) : 0
        let headers: HTTPFields = [
            .cacheControl: age > 0 ? "public, max-age=\(age), must-revalidate" : "no-cache",
            // With the time: after a backup is restored there may be another CRL with the same number.
            .eTag: "\"\(list.number)-\(Int64(list.thisUpdate.timeIntervalSince1970 * 1000))-\(form)\"",
            .lastModified: HTTPDate.text(list.thisUpdate),
            .expires: HTTPDate.text(now.addingTimeInterval(Double(age))),
        ]
        if Self.isUnchanged(request, headers: headers, modifiedAt: list.thisUpdate) {
            return Response(status: .notModified, headers: headers)
        }
        return form == "pem"
            ? .pem(list.encoded, label: "X509 CRL", headers: headers, for: request)
            : .file(list.encoded, type: "application/pkix-crl", headers: headers, for: request)
    }

    /// A CA's certificate, alone or, as `.p7c`, with those above it; `.pem` has all of them too.
    private func certificate(_ file: String, for request: Request) throws -> Response {
        guard let (authority, form) = self.find(file), ["cer", "crt", "pem", "p7c"].contains(form) else {
            return Self.notFound("There is no CA certificate of this name: /ca/<ca>.cer, .pem or .p7c.")
        }
        let bundle = CertificateBundle(authority.chain)
        let (bytes, type): ([UInt8], String) =
            switch form {
            case "p7c": (bundle.pkcs7(), "application/pkcs7-mime; smime-type=certs-only")
            case "pem": (Array(bundle.pem.utf8), "application/x-pem-file")
            default: (authority.issuer.certificate.encoded, "application/pkix-cert")
            }
        let digest = SHA256.hash(data: bytes).prefix(12)
        let headers: HTTPFields = [
            .cacheControl: "public, max-age=3600",
            .eTag: "\"\(Array(digest).hexadecimal)\"",
            .lastModified: HTTPDate.text(authority.issuer.notBefore),
        ]
        if Self.isUnchanged(request, headers: headers, modifiedAt: authority.issuer.notBefore) {
            return Response(status: .notModified, headers: headers)
        }
        return .file(bytes, type: type, headers: headers, for: request)
    }

    /// The CA and the form that a file's name stands for.
    private func find(_ file: String) -> (IssuingAuthority, form: String)? {
        guard let dot = file.lastIndex(of: ".") else { return nil }
        let authorities = self.configuration.current.authorities
        let slug = file[..<dot]
        guard let id = authorities.slugs.first(where: { $0.value == slug })?.key, let authority = authorities[id] else {
            return nil
        }
        return (authority, String(file[file.index(after: dot)...]))
    }

    private static func notFound(_ sentence: String) -> Response { .plainText(.notFound, sentence) }

    /// Whether the client has it already (RFC 9110 §13.1): where it names an ETag, its date does not count.
    private static func isUnchanged(_ request: Request, headers: HTTPFields, modifiedAt date: Date) -> Bool {
        if let tags = request.headers[.ifNoneMatch] {
            let known = tags.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return known.contains("*")
                || known.contains { tag in (tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag) == headers[.eTag] }
        }
        guard let since = request.headers[.ifModifiedSince].flatMap(HTTPDate.date) else { return false }
        return date.timeIntervalSince1970.rounded(.down) <= since.timeIntervalSince1970
    }
}

extension Response {
    /// How many bytes are written at once: a CRL of 50 MB is not in memory twice.
    private static let pieceSize = 256 << 10

    /// Bytes that may be kept; to a HEAD only what is said of them.
    fileprivate static func file(
        _ bytes: [UInt8],
        type: String,
        headers: HTTPFields,
        for request: Request
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        guard request.method != .head else {
            headers[.contentLength] = "\(bytes.count)"
            return Response(status: .ok, headers: headers)
        }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(contentLength: bytes.count) { writer in
                var rest = bytes[...]
                while !rest.isEmpty {
                    try await writer.write(ByteBuffer(bytes: rest.prefix(Self.pieceSize)))
                    rest = rest.dropFirst(Self.pieceSize)
                }
                try await writer.finish(nil)
            }
        )
    }

    /// The same as text.
    fileprivate static func pem(
        _ bytes: [UInt8],
        label: String,
        headers: HTTPFields,
        for request: Request
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/x-pem-file"
        let chunks = PEMChunks(bytes, label: label)
        guard request.method != .head else {
            headers[.contentLength] = "\(chunks.byteCount)"
            return Response(status: .ok, headers: headers)
        }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(contentLength: chunks.byteCount) { writer in
                for piece in chunks { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.finish(nil)
            }
        )
    }
}
