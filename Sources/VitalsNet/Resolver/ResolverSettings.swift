package import NIOCore

/// Where names are looked up.
package struct ResolverSettings: Sendable {
    /// Default: `/etc/hosts`.
    package var hostsPath = "/etc/hosts"
    /// Default: `/etc/resolv.conf`.
    package var resolvPath = "/etc/resolv.conf"
    /// Asked instead of the servers that `resolvPath` names; empty: those.
    package var servers: [SocketAddress] = []
    /// What follows its first dot is searched if `resolvPath` names no domain. Default: the machine's own.
    package var hostName: String?
    /// How long a server may be silent before the next one is asked as well. Default: 1 s, for a run's whole
    /// deadline is often not more than the 5 s of resolv.conf(5).
    package var retryEvery: TimeAmount = .seconds(1)

    /// Names that are asked for at the same time; each holds a socket or a few. Others wait. Default: 1,000.
    package var maximumRunning = 1_000

    package init() {}
}
