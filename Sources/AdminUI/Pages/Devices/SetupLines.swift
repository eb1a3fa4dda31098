/// The lines by which devices enrol, as docs/first-device.md explains them.
struct SetupLines {
    /// The SCEP URL of the profile.
    var url: String
    /// SHA-256 of the CA's certificate; nil where the reader may not see it.
    var fingerprint: String?
    /// What the device is called: the CN that it asks for.
    var device: String
    /// The challenge; nil where it is not known here.
    var secret: String?
    /// Whether no challenge is needed.
    var isOpen: Bool
    /// Which algorithms the profile accepts.
    var level: String

    /// What has to be put into a device, whatever it is.
    var needs: HTML {
        [
            .element("h3", "SCEP URL"), .lines(self.url),
            self.fingerprint.map {
                [.element("h3", "The CA's fingerprint (SHA-256), to compare"), .lines(Self.grouped($0))]
            } ?? .nothing,
            self.secret.map { [.element("h3", "Challenge"), .secret($0)] } ?? .nothing,
        ]
    }

    /// Ready lines for some clients.
    var commands: HTML {
        [
            .panel("With this program", .body([.lines(self.own)])),
            .panel(
                "With strongSwan",
                .body(
                    [
                        .element("p", .prose("`apt install strongswan-pki libstrongswan-extra-plugins`")),
                        .lines(self.strongSwan),
                    ])),
            .panel(
                "With micromdm's scepclient",
                .body(
                    [
                        .element(
                            "p",
                            .prose(
                                "`apt install scep`. It encrypts with single DES, which only profiles at the level `legacy` accept"
                                    + (self.level == "legacy"
                                        ? "; this one does." : "; this one is at `\(self.level)`."))),
                        .lines(self.scepClient),
                    ])),
        ]
    }

    /// The challenge in a file, where one is needed: the list of processes does not show it then.
    private var challengeFile: String {
        guard !self.isOpen else { return "" }
        return "(umask 077; echo \(Self.quoted(self.secret ?? "CHALLENGE")) > challenge)\n"
    }

    private var own: String {
        let challenge = self.isOpen ? "" : " --challenge-file challenge"
        // Nobody trusts this CA yet; SCEP protects itself, and the fingerprint says who answers.
        let trust = self.url.hasPrefix("https:") ? " --tls-insecure" : ""
        return self.challengeFile + """
            ucm scep enroll \(self.url)\(trust) \\
                --fingerprint \(self.fingerprint ?? "FINGERPRINT") \\
                --subject \(Self.quoted("CN=" + self.escapedDevice))\(challenge) \\
                --key-out device.key --out device.pem
            """
    }

    private var strongSwan: String {
        let challenge = self.isOpen ? "" : " --password \"$(cat challenge)\""
        return self.challengeFile + """
            pki --scepca --url \(self.url) --caout ca.pem --raout ra.pem --outform pem --force
            pki --gen --type rsa --size 2048 --outform pem > device.key
            pki --scep --url \(self.url) --in device.key \\
                --dn \(Self.quoted("CN=" + self.escapedDevice))\(challenge) \\
                --cacert-enc ra.pem --cacert-sig ra.pem --cacert ca.pem --outform pem > device.pem
            """
    }

    private var scepClient: String {
        let challenge = self.isOpen ? "" : " -challenge \"$(cat challenge)\""
        return self.challengeFile + """
            scepclient -server-url \(self.url)\(challenge) \\
                -private-key device.key -certificate device.pem -cn \(Self.quoted(self.device))
            """
    }

    /// The device's name as the value of an attribute (RFC 4514 §2.4).
    private var escapedDevice: String {
        var escaped = ""
        for (index, character) in self.device.enumerated() {
            if "\\,+\"<>;=".contains(character) || index == 0 && character == "#" { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }

    /// A text as one word of a shell.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.=@:/".contains($0)) }
        return isPlain && !text.isEmpty
            ? text
            : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    /// Hexadecimal digits in pairs, as other programs show a fingerprint.
    private static func grouped(_ fingerprint: String) -> String {
        let digits = Array(fingerprint.uppercased())
        return stride(from: 0, to: digits.count, by: 2).map { String(digits[$0..<min($0 + 2, digits.count)]) }.joined(
            separator: ":")
    }
}
