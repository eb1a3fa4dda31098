import CertificateAuthority
import CryptographicMessageSyntax
import Foundation
import TestSupport
import Testing

@testable import Server

/// An OCSP response as a client reads it.
struct StatusAnswer: Hashable {
    /// What is said of a certificate.
    enum Status: Hashable {
        case good
        /// With the number of the reason; nil where none is given.
        case revoked(UInt8?)
        case unknown
    }

    /// The whole response.
    var encoded: [UInt8]
    /// 0 where there are answers.
    var code: UInt8
    var statuses: [Status] = []
    var producedAt = ""
    var thisUpdate: [String] = []
    var nextUpdate: [String] = []
    var nonce: [UInt8]?
    /// The certificate that came along.
    var signer: [UInt8] = []

    init(_ encoded: [UInt8]) throws {
        let tree = try ASN1Tree(encoded)
        self.encoded = encoded
        self.code = try #require(tree[0].octets.first)
        guard self.code == 0 else { return }
        let basic = try ASN1Tree(tree[1, 0, 1].octets)
        let data = basic[0]
        self.producedAt = Self.text(data[1])
        for single in data[2].children {
            switch single[1].tag {
            case 0x80: self.statuses.append(.good)
            case 0xa1: self.statuses.append(.revoked(single[1].children.count > 1 ? single[1, 1, 0].octets.first : nil))
            default: self.statuses.append(.unknown)
            }
            self.thisUpdate.append(Self.text(single[2]))
            self.nextUpdate.append(Self.text(single[3, 0]))
        }
        if data.children.count > 3 { self.nonce = try ASN1Tree(data[3, 0, 0, 1].octets).octets }
        self.signer = basic[3, 0, 0].der
        let signature = Array(basic[2].octets.dropFirst())
        let key = try SignerCertificate(encoded: self.signer).publicKey
        let named = try decodeBER(basic[1].der[...], as: "algorithm") { try AlgorithmIdentifier(node: $0) }
        let algorithm = try SignatureAlgorithm(named)
        #expect(algorithm.isValid(signature, for: data.der, under: key))
    }

    init(_ answer: CertificateStatuses.Answer) throws {
        try self.init(answer.response.encoded(with: answer.signer))
    }

    private static func text(_ tree: ASN1Tree) -> String { String(decoding: tree.octets, as: UTF8.self) }

    /// A time as a response has it.
    static func text(_ date: Date) -> String {
        date.formatted(.iso8601).filter { "0123456789Z".contains($0) }
    }

    /// A request for the status of certificates.
    static func request(_ certificates: [CertID], nonce: [UInt8]? = nil) throws -> [UInt8] {
        let names = try certificates.map { name -> ASN1Tree in
            ASN1Tree(tag: 0x30, children: [try ASN1Tree(name.encoded)])
        }
        let list = ASN1Tree(tag: 0x30, children: names)
        var request = ASN1Tree(tag: 0x30, children: [list])
        if let nonce {
            let value = ASN1Tree(tag: 0x04, octets: ASN1Tree(tag: 0x04, octets: nonce).der)
            let identifier = ASN1Tree(tag: 0x06, octets: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02])
            let extensions = ASN1Tree(tag: 0x30, children: [ASN1Tree(tag: 0x30, children: [identifier, value])])
            request.children.append(ASN1Tree(tag: 0xa2, children: [extensions]))
        }
        return ASN1Tree(tag: 0x30, children: [request]).der
    }
}
