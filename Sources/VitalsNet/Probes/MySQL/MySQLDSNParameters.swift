/// What may stand after the `?` of a MySQL target. Each driver has names of its own for the same.
enum MySQLDSNParameters {
    /// Those that are done, by one name each.
    static let known = [
        "user", "password", "socket", "ssl-mode", "ssl", "tls", "sslaccept", "ssl-ca", "ssl-cert", "ssl-key",
    ]

    /// The name of a parameter among ours: in small letters, with hyphens.
    static func name(_ key: String) -> String {
        let name = key.lowercased().replacing("_", with: "-")
        return others[name] ?? name
    }

    private static let others = [
        "sslmode": "ssl-mode", "sslca": "ssl-ca", "sslrootcert": "ssl-ca", "unix-socket": "socket",
        "unixsocket": "socket", "usessl": "ssl", "username": "user",
    ]

    /// Settings of pools, mappers and drivers that change nothing of what a probe does: dropped, with a
    /// warning.
    static let ignored: Set<String> = [
        "allowallfiles", "allowcleartextpasswords", "allowfallbacktoplaintext", "allowmultiqueries",
        "allownativepasswords", "allowoldpasswords", "allowpublickeyretrieval", "autocommit",
        "autoreconnect", "characterencoding", "charset", "checkconnliveness", "clientfoundrows", "collation",
        "columnswithalias", "compress", "connect-timeout", "connecttimeout", "connection-limit",
        "connectionattributes", "connectionlimit", "encoding", "interpolateparams", "loc",
        "maxallowedpacket", "multistatements", "parsetime", "pool", "pool-timeout", "prepstmtcachesize",
        "read-timeout", "readtimeout", "reconnect", "rejectreadonly", "rewritebatchedstatements", "schema",
        "servertimezone", "socket-timeout", "sockettimeout", "statement-cache-size", "timeout", "timezone",
        "tinyint1isbit", "use-unicode", "usecursorfetch", "useunicode", "waitforconnections",
        "write-timeout", "writetimeout", "zerodatetimebehavior",
    ]

    /// Settings that would change what is connected to, or how safely, and so cannot be dropped: why not.
    static let unsupported: [String: String] = [
        "defaultauthenticationplugin": "the account decides; leave it out",
        "requiressl": "write ssl-mode=require",
        "serverpubkey": "a key of the server is asked for; write ssl-mode=verify-full to be sure of it",
        "serverrsapublickeyfile":
            "a key of the server is asked for; write ssl-mode=verify-full to be sure of it",
        "sslcert": "write ssl-ca for the authority to trust, ssl-cert for a certificate of our own",
        "sslidentity": "write ssl-cert and ssl-key, PEM files",
        "sslkey": "write ssl-cert and ssl-key",
        "sslpassword": "a key with a passphrase is not read; write one without",
        "ssl-capath": "write ssl-ca, one file",
        "ssl-cipher": "the ciphers are those of TLS 1.2 and 1.3",
        "ssl-verify-cert": "write ssl-mode=verify-ca",
        "ssl-verify-identity": "write ssl-mode=verify-full",
        "tls-version": "the newest common version from TLS 1.2 on is used",
        "trustservercertificate": "write ssl-mode=require",
        "verifyservercertificate": "write ssl-mode=verify-full, or ssl-mode=require to take any",
    ]
}
