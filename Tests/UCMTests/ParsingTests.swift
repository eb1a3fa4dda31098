import ArgumentParser
import Testing

@testable import ucm

/// Lines as somebody types them.
@Suite struct ParsingTests {
    @Test(arguments: [
        "serve --data /var/lib/ucm --http 8080 --host-name a --host-name b", "profile list --output json",
        "profile set default --approval manual", "challenge create --profile vpn --device d --valid 2h",
        "request approve 17 18 --days 90", "request reject 20 --reason sold",
        "certificate list --server https://ca.example.com --token-file token", "certificate revoke 3fa0c1",
        "template list --data d", "ca show", "ca crl --der --out -", "publication show", "key rotate-master --data d",
        "backup file --passphrase-file p", "restore file --data d",
        "database copy --from d --to postgres://ucm@db.test/ucm --keep-source --output json", "doctor --output json",
        "user list --role viewer",
        "role show viewer", "token create --name ci --scope challenges:write --no-end", "audit", "audit list --last 1d",
        "audit verify -", "request timeline 17", "log", "log --follow --limit 0 --output json",
        "log --last 1h --outcome refused --outcome limited --profile vpn --transaction 4F2A",
        "audit prune --before 2027-01-01T00:00:00Z", "limits show", "crl export root --format der",
        "stats --days 7", "login https://ca.example.com:8443 --user alice", "logout", "whoami",
        "scep enroll http://ca.test --subject CN=x --key-out key -v", "completions fish", "man --out man1",
        "bench http://ca.test/scep --challenge c -n 5 -c 2 --keys fresh --key-type p256 --json",
        "bench http://ca.test/scep --duration 60 --rate 0.5 --retry 60 --subject-template CN=a{number},O=b",
    ])
    func `is a command`(line: String) throws {
        _ = try UCM.parseAsRoot(line.split(separator: " ").map(String.init))
    }

    @Test(arguments: [
        "nonsense", "profile show", "profile list --nonsense", "profile list --output xml", "request approve seventeen",
        "request reject 20", "stats --days 0", "token create --name ci", "token create --name a --scope nonsense",
        "token create --name a --scope challenges:write --no-end --valid 1d", "login",
        "login a --tls-ca b --fingerprint c",
        "audit prune --before yesterday", "request timeline", "log --outcome nonsense", "log --limit -1",
        "log --last 1h --since 2027-01-01T00:00:00Z", "completions", "man", "certificate revoke",
        "scep enroll http://ca.test", "database copy --from d", "database move --from d --to e", "bench",
        "bench http://ca.test --challenge a --challenges b",
        "bench http://ca.test --count 5 --duration 5", "bench http://ca.test --count 0",
        "bench http://ca.test --count 20000000", "bench http://ca.test --connections 1001",
        "bench http://ca.test --duration 0", "bench http://ca.test --rate 0", "bench http://ca.test --rate nan",
        "bench http://ca.test --keys none", "bench http://ca.test --keys 0", "bench http://ca.test --retry 0",
        "bench http://ca.test --key-type p256", "bench http://ca.test --subject-template CN=alike",
        "bench http://ca.test --received file --trust-answers",
    ])
    func `is none, and says so`(line: String) {
        do {
            _ = try UCM.parseAsRoot(line.split(separator: " ").map(String.init))
            Issue.record("\(line) was parsed")
        } catch {
            #expect(UCM.exitCode(for: error).rawValue == ExitStatus.usage.rawValue)
            #expect(!UCM.message(for: error).isEmpty)
        }
    }
}
