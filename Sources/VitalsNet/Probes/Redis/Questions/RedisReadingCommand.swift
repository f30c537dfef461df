import VitalsCore

/// Whether a command of a check's author may be put to a Redis or Valkey server: by a closed list of those
/// that only read, decided when the configuration is loaded.
///
/// A server has no transaction that could only read, and no way to end a command that takes too long, while
/// which it serves nobody. So what walks through all keys (`KEYS`, `SCAN`, `SORT`) and what runs a script is
/// refused though it may only read, and of the settings those that are secrets.
enum RedisReadingCommand {
    private static let plain: Set<String> = [
        "BITCOUNT", "BITPOS", "DBSIZE", "ECHO", "EXISTS", "EXPIRETIME", "GEODIST", "GEOHASH", "GEOPOS",
        "GEOSEARCH", "GET", "GETBIT", "GETRANGE", "HEXISTS", "HGET", "HGETALL", "HKEYS", "HLEN", "HMGET",
        "HSTRLEN", "HVALS", "INFO", "LASTSAVE", "LINDEX", "LLEN", "LPOS", "LRANGE", "MGET", "PEXPIRETIME",
        "PING", "PTTL", "ROLE", "SCARD", "SISMEMBER", "SMEMBERS", "SMISMEMBER", "SRANDMEMBER", "STRLEN",
        "TIME", "TTL", "TYPE", "XLEN", "XPENDING", "XRANGE", "XREVRANGE", "ZCARD", "ZCOUNT", "ZLEXCOUNT",
        "ZMSCORE", "ZRANGE", "ZRANGEBYLEX", "ZRANGEBYSCORE", "ZRANK", "ZREVRANGE", "ZREVRANGEBYSCORE",
        "ZREVRANK", "ZSCORE",
    ]

    /// Commands of which only some do no more than read.
    private static let parts: [String: Set<String>] = [
        "ACL": ["WHOAMI"],
        "CLIENT": ["GETNAME", "ID", "INFO", "LIST"],
        "CLUSTER": [
            "COUNT-FAILURE-REPORTS", "COUNTKEYSINSLOT", "INFO", "KEYSLOT", "LINKS", "MYID", "MYSHARDID",
            "NODES", "REPLICAS", "SHARDS", "SLOTS",
        ],
        "COMMAND": ["COUNT"],
        "CONFIG": ["GET"],
        "LATENCY": ["HISTORY", "LATEST"],
        "MEMORY": ["STATS", "USAGE"],
        "MODULE": ["LIST"],
        "OBJECT": ["ENCODING", "FREQ", "IDLETIME", "REFCOUNT"],
        "PUBSUB": ["CHANNELS", "NUMPAT", "NUMSUB", "SHARDCHANNELS", "SHARDNUMSUB"],
        "SCRIPT": ["EXISTS"],
        "SENTINEL": [
            "CKQUORUM", "GET-MASTER-ADDR-BY-NAME", "MASTER", "MASTERS", "MYID", "REPLICAS", "SENTINELS",
            "SLAVES",
        ],
        "SLOWLOG": ["LEN"],
        "XINFO": ["CONSUMERS", "GROUPS", "STREAM"],
    ]

    /// Settings whose values are secrets, or hold some.
    private static let secrets: Set<String> = [
        "masterauth", "primaryauth", "requirepass", "tls-client-key-file-pass", "tls-key-file-pass", "user",
    ]

    /// Why it may not, to be put after what it is; nothing: it may.
    static func refusal(of command: String) -> String? {
        guard let words = RedisWords.split(command) else {
            return "holds a quote that does not end, or that is not parted from the next word by a blank"
        }
        guard let first = words.first?.uppercased() else { return "is empty" }
        if let known = parts[first] {
            let second = words.dropFirst().first?.uppercased() ?? ""
            guard known.contains(second) else {
                return "begins with \(shown(first)); of that only \(first) \(list(known)) is put to a server"
            }
            return first == "CONFIG" ? refusal(ofSettings: words.dropFirst(2)) : nil
        }
        guard !plain.contains(first) else { return nil }
        return walking.contains(first)
            ? "begins with \(first), which goes through every key, while which the server serves nobody"
            : "begins with \(shown(first)), which is none of the commands that only read: see docs/checks.md"
    }

    private static let walking: Set<String> = ["HSCAN", "KEYS", "SCAN", "SORT", "SORT_RO", "SSCAN", "ZSCAN"]

    private static func refusal(ofSettings names: ArraySlice<String>) -> String? {
        if names.contains(where: { $0.contains { "*?[\\".contains($0) } }) {
            return "asks for settings by a pattern, which could show passwords; name each of them"
        }
        let secret = names.first { secrets.contains($0.lowercased()) }
        return secret.map { "asks for the setting \($0.lowercased()), which is a secret" }
    }

    private static func shown(_ word: String) -> String { Printable.prefix(Printable.text(word), bytes: 24) }

    private static func list(_ words: Set<String>) -> String {
        let sorted = words.sorted()
        guard sorted.count > 1 else { return sorted.joined() }
        return sorted.dropLast().joined(separator: ", ") + " or \(sorted[sorted.count - 1])"
    }
}
