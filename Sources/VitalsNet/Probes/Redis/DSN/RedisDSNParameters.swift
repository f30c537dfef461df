/// What may stand after the `?` of a Redis target. Each client has names of its own for the same.
enum RedisDSNParameters {
    /// Those that are done, by one name each.
    static let known = [
        "user", "password", "db", "sslmode", "sslrootcert", "sslcert", "sslkey", "sentinelmasterid",
    ]

    /// The name of a parameter among ours: in small letters, without hyphens and underscores.
    static func name(_ key: String) -> String {
        let name = key.lowercased().filter { $0 != "-" && $0 != "_" }
        return others[name] ?? name
    }

    private static let others = [
        "username": "user", "database": "db", "sslcertreqs": "sslmode", "sslcacerts": "sslrootcert",
        "sslcertfile": "sslcert", "sslkeyfile": "sslkey", "mastername": "sentinelmasterid",
    ]

    /// Settings of pools and clients that change nothing of what a probe does: dropped, with a warning.
    static let ignored: Set<String> = [
        "charset", "clientcache", "clientname", "connectiontimeout", "connecttimeout", "connmaxidletime",
        "connmaxlifetime", "decoderesponses", "dialtimeout", "encoding", "family", "healthcheckinterval",
        "idletimeout", "keepalive", "libname", "libver", "maxconnections", "maxidleconns", "maxretries",
        "maxretrybackoff", "minidleconns", "minretrybackoff", "name", "pool", "poolfifo", "poolsize",
        "pooltimeout", "prefix", "protocol", "readtimeout", "retryontimeout", "sockettimeout",
        "socketconnecttimeout", "socketkeepalive", "timeout", "verifymode", "writetimeout",
    ]

    /// Settings that would change what is connected to, or how safely, and so cannot be dropped: why not.
    static let unsupported: [String: String] = [
        "addr": "several hosts are not supported: make one check for each of them",
        "sentinelpassword": "write the Sentinel's password before the host",
        "sentinelusername": "write the Sentinel's user before the host",
        "skipverify": "write rediss:// and sslmode=require",
        "ssl": "write rediss:// instead of redis://",
        "sslcheckhostname": "write sslmode=verify-full, or sslmode=verify-ca to leave the name out",
        "sslkeypassword": "a key with a passphrase is not read; write one without",
        "sslpassword": "a key with a passphrase is not read; write one without",
        "tls": "write rediss:// instead of redis://",
        "verifypeer": "write rediss:// and sslmode=verify-full or sslmode=require",
    ]
}
