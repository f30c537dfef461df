/// Hosts that are this machine by their name alone, which nobody else can own.
package enum Loopback {
    /// Whether a host is `localhost`, of 127.0.0.0/8 or `::1`.
    ///
    /// Only dotted decimal as it is normally written is an address; anything near it may be a name that is
    /// looked up, and answered by whoever owns it.
    ///
    /// - Parameter host: lower case, an IPv6 literal without brackets.
    package static func contains(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
    }
}
