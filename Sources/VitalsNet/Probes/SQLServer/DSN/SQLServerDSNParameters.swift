/// The names that settings of a SQL Server target have: each driver has its own for the same.
enum SQLServerDSNParameters {
    /// Those that are done, by one name each.
    static let known = [
        "server", "port", "user", "password", "database", "encrypt", "trustservercertificate", "certificate",
        "hostnameincertificate", "applicationintent",
    ]

    /// The name of a parameter among ours: in small letters, without blanks, hyphens and underscores.
    static func name(_ key: String) -> String {
        let name = key.lowercased().filter { !" +_-".contains($0) }
        return others[name] ?? name
    }

    private static let others = [
        "addr": "server", "address": "server", "networkaddress": "server", "datasource": "server",
        "host": "server", "hostname": "server", "servername": "server", "portnumber": "port",
        "userid": "user", "username": "user", "uid": "user", "pwd": "password",
        "initialcatalog": "database", "databasename": "database", "db": "database",
        "instance": "instancename", "tls": "encrypt", "ssl": "encrypt", "integratedsecurity": "integrated",
        "trustedconnection": "integrated",
    ]

    /// Settings of pools, mappers and drivers that change nothing of what a probe does: dropped, with a
    /// warning.
    static let ignored: Set<String> = [
        "app", "appname", "application", "applicationname", "asynchronousprocessing", "autotranslate",
        "cancelquerytimeout", "columnencryption", "columnencryptionsetting", "commandtimeout",
        "connectretrycount",
        "connectretryinterval", "connectiontimeout", "connecttimeout", "connectionlimit", "currentlanguage",
        "dialtimeout", "disablestatementpooling", "driver", "dsn", "enlist", "failoverpartner",
        "ipaddresspreference", "keepalive", "language", "lastupdatecount", "loadbalancetimeout",
        "locktimeout",
        "log", "logintimeout", "mars", "marsconnection", "maxpoolsize", "minpoolsize",
        "multipleactiveresultsets", "multisubnetfailover", "packetsize", "persistsecurityinfo",
        "poolblockingperiod", "pooling", "pooltimeout", "provider", "quotedid", "querytimeout", "regional",
        "replication", "responsebuffering", "schema", "selectmethod", "sendstringparametersasunicode",
        "sendtimeasdatetime", "sockettimeout", "timeout", "transactionbinding",
        "transparentnetworkipresolution", "typesystemversion", "usefmtonly", "userinstance", "workstationid",
        "wsid", "xopenstates",
    ]

    /// Settings that would change what is connected to, or how safely, and so cannot be dropped: why not.
    static let unsupported: [String: String] = [
        "accesstoken": "only logins by name and password are",
        "attachdbfilename": "a probe attaches no file to a server",
        "authenticator": "only logins by name and password are",
        "authenticationscheme": "only logins by name and password are",
        "clientcertificate": "only logins by name and password are",
        "fedauth": "only logins by name and password are",
        "network": "only TCP is spoken",
        "networklibrary": "only TCP is spoken",
        "protocol": "only TCP is spoken",
        "servercertificate": "write certificate=, the PEM file of the authority to trust",
        "serverspn": "only logins by name and password are",
        "truststore": "write certificate=, the PEM file of the authority to trust",
        "truststorepassword": "write certificate=, the PEM file of the authority to trust",
        "tlsmin": "the newest common version from TLS 1.2 on is used",
        "sslprotocol": "the newest common version from TLS 1.2 on is used",
    ]
}
