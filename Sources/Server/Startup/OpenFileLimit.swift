import Glibc

/// How many files the process may have open, connections among them.
enum OpenFileLimit {
    /// Raises it as far as the process itself may: many systems begin with 1,024, which is kept for programs that look at all
    /// of them.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
