import Glibc

/// The limit on open files, which bounds how many probes may be in flight.
enum OpenFiles {
    /// Raises the soft limit to the hard one and returns what is in force.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many probes may be in flight when nobody says otherwise: the smaller of 8,192 and half the limit.
    static func defaultPlaces(limit: Int) -> Int {
        max(1, min(8_192, limit / 2))
    }
}
