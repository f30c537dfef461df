/// Why a Redis target cannot be read.
///
/// No message holds any part of what was found between the scheme and the parameters: when a password is not
/// percent-encoded, a piece of it may stand where the host, the port or the database is looked for.
enum RedisDSNError: Error, Equatable {
    case notATarget
    case tooLong
    case controlCharacter
    case strayAt
    case manyHosts
    case badEscape(in: Part)
    case missingHost
    case badHost
    case bareIPv6
    case badPort
    case badDatabase
    case badSocket
    /// `key` only when it can be shown; `nearest` is one that is known.
    case unknownParameter(key: String?, nearest: String?)
    case repeatedParameter(String)
    case emptyParameter(String)
    case unsupportedParameter(String, reason: String)
    case badValue(parameter: String, expected: String)

    enum Part: String {
        case user = "user name"
        case password
        case host
        case path
        case parameter
    }

    var message: String {
        switch self {
        case .notATarget:
            "not a Redis target: it is written redis://user:password@host:6379/0, with TLS rediss://..., "
                + "redis+unix:///path/of/socket?db=0, or redis-sentinel://host:26379?sentinelMasterId=name"
        case .tooLong: "the target is longer than 8192 bytes"
        case .controlCharacter:
            "the target holds a line break or another control character: percent-encode it, or take it out"
        case .strayAt:
            "cannot tell where the password ends: there is more than one '@', or one after the host. "
                + "Percent-encode the user name and the password ('@' is %40, '/' is %2F, ':' is %3A, "
                + "'?' is %3F, '%' is %25)"
        case .manyHosts: "several hosts are not supported: make one check for each of them"
        case .badEscape(let part):
            "the \(part.rawValue) holds a '%' that does not begin a percent-encoded character of UTF-8 "
                + "text: write '%' itself as %25"
        case .missingHost: "no host: write redis://host:6379"
        case .badHost: "the host holds a character that no host name or address has" + DSNWords.encodingHint
        case .bareIPv6: "an IPv6 address stands in brackets: redis://[::1]:6379/0" + DSNWords.encodingHint
        case .badPort: "the port is not a number from 1 to 65535" + DSNWords.encodingHint
        case .badDatabase:
            "the database is not a number from 0 to 1000000, as in redis://host:6379/0"
                + DSNWords.encodingHint
        case .badSocket: "no whole path of a socket: write redis+unix:///run/redis/redis.sock"
        case .unknownParameter(let key, let nearest):
            DSNWords.unknownParameter(key, nearest: nearest, known: RedisDSNParameters.known)
        case .repeatedParameter(let key): "the parameter '\(key)' is given twice"
        case .emptyParameter(let key): "the parameter '\(key)' has no value"
        case .unsupportedParameter(let key, let reason): "the parameter '\(key)' is not supported: \(reason)"
        case .badValue(let key, let expected): "the parameter '\(key)' is not \(expected)"
        }
    }
}
