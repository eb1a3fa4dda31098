import Enrollment

/// Which profile a path means.
///
/// `/scep` is the default profile, `/scep/<name>` another one. Behind both stand the tails that devices have burnt
/// in, and these reach the default profile also from the root; whatever ends in `pkiclient.exe` below a profile is its
/// endpoint too.
struct SCEPPath {
    /// The profile's name.
    let profile: String

    private static let tails: Set<[Substring]> = [
        [], ["pkiclient.exe"], ["cgi-bin", "pkiclient.exe"], ["certsrv", "mscep", "mscep.dll"],
        ["certsrv", "mscep", "mscep.dll", "pkiclient.exe"],
    ]

    /// - Returns: nil where the path is no SCEP endpoint's.
    init?(_ path: String) {
        var segments = path.split(separator: "/")[...]
        guard segments.first == "scep" else {
            guard !segments.isEmpty, Self.tails.contains(Array(segments)) else { return nil }
            self.profile = Profile.defaultName
            return
        }
        segments = segments.dropFirst()
        if Self.tails.contains(Array(segments)) {
            self.profile = Profile.defaultName
        } else if let name = segments.first,
            Self.tails.contains(Array(segments.dropFirst())) || segments.last == "pkiclient.exe"
        {
            self.profile = String(name)
        } else {
            return nil
        }
    }

    /// The routes under which these paths are.
    static let routes = [
        "/scep", "/scep/**", "/pkiclient.exe", "/cgi-bin/pkiclient.exe", "/certsrv/mscep/mscep.dll",
        "/certsrv/mscep/mscep.dll/pkiclient.exe",
    ]
}
