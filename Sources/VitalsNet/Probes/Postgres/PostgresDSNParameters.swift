/// What may stand after the `?` of a PostgreSQL URI.
enum PostgresDSNParameters {
    /// Those that are done.
    static let known = [
        "user", "password", "host", "port", "dbname", "sslmode", "ssl", "sslrootcert", "sslcert", "sslkey",
        "channel_binding", "application_name", "connect_timeout",
    ]

    /// Settings of pools, mappers and drivers that change nothing of what a probe does: dropped, with a
    /// warning.
    static let ignored: Set<String> = [
        "binary_parameters", "client_encoding", "connection_limit", "currentschema",
        "fallback_application_name", "keepalives", "keepalives_count", "keepalives_idle",
        "keepalives_interval", "pgbouncer", "pool_max_conns", "pool_mode", "pool_size", "pool_timeout",
        "prepared_statement_cache_size", "prepared_statements", "preparethreshold", "schema",
        "socket_timeout", "sslcompression", "sslsni", "statement_cache_size", "tcp_user_timeout",
    ]

    /// Settings that would change what is connected to, or how safely, and so cannot be dropped: why not.
    static let unsupported: [String: String] = [
        "gssencmode": "Kerberos is not spoken; leave it out",
        "hostaddr": "write the address as the host",
        "options": "a pooler may refuse it and a probe needs none; leave it out",
        "passfile": "passwords are not read from files; write \(passwordHint)",
        "replication": "a probe logs in as an ordinary client",
        "requirepeer": "the owner of a socket is not checked",
        "service": "service files are not read; write host, user and database here",
        "sslcrl": "revocation lists are not read",
        "sslcrldir": "revocation lists are not read",
        "sslpassword": "a key with a passphrase is not read; write one without",
        "ssl_max_protocol_version": "the newest common version from TLS 1.2 on is used",
        "ssl_min_protocol_version": "the newest common version from TLS 1.2 on is used",
        "target_session_attrs": "the role is reported as a fact; leave it out",
    ]

    private static let passwordHint = "postgres://user:${PASSWORD}@host/database"
}
