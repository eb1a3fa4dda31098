import Foundation
import Glibc
import SystemPackage

/// Whether the data directory is for its owner only, and has room.
struct DirectoryChecks {
    let path: String

    /// Less than this is nothing for a database that grows.
    private static let scarce: UInt64 = 1 << 30
    /// Less than this, and the next commit may fail.
    private static let full: UInt64 = 100 << 20

    func modes() -> [Finding] {
        var findings: [Finding] = []
        for (name, mode) in [
            ("", 0o700), ("/ucm.sqlite", 0o600), ("/ucm.sqlite-wal", 0o600), ("/master.key", 0o600),
            ("/master.key.new", 0o600),
        ] {
            let file = self.path + name
            guard let status = try? FilePath(file).stat(followTargetSymlink: false) else { continue }
            let permissions = Int(status.permissions.rawValue) & 0o777
            if permissions & 0o077 != 0 {
                findings.append(
                    Finding(
                        "data directory",
                        name == "/master.key" ? .error : .warning,
                        "\(file) is open to others (mode \(String(permissions, radix: 8)))",
                        advice: "chmod \(String(mode, radix: 8)) \(file)"
                    )
                )
            }
            if status.userID.rawValue != geteuid(), geteuid() != 0 {
                findings.append(
                    Finding(
                        "data directory", .warning, "\(file) belongs to another user than the one who asks",
                        advice: "ask as the user that the server runs as"
                    )
                )
            }
        }
        if access(self.path + "/master.key.new", F_OK) == 0 {
            findings.append(
                Finding(
                    "data directory", .warning, "a change of the master key was cut off: there is master.key.new",
                    advice: "start the server: it brings the change to its end"
                )
            )
        }
        guard findings.isEmpty else { return findings }
        return [Finding("data directory", .ok, "\(self.path) and what is in it is for its owner only")]
    }

    func space() -> Finding {
        var status = statvfs()
        guard statvfs(self.path, &status) == 0 else {
            return Finding(
                "disk space", .skipped, "the system does not say: \(String(cString: strerror(errno)))")
        }
        let (free, isOverflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        let amount = isOverflow ? UInt64.max : free
        let text = "\(amount >> 20) MiB are free"
        if status.f_favail == 0, status.f_files > 0 {
            return Finding("disk space", .error, "the file system can take no more files", advice: "make room")
        }
        if amount < Self.full {
            return Finding("disk space", .error, text, advice: "make room: nothing is issued when the disk is full")
        }
        return amount < Self.scarce
            ? Finding("disk space", .warning, text, advice: "make room before it is full: nothing is issued then")
            : Finding("disk space", .ok, text)
    }
}
