/// Why a MySQL target cannot be read.
///
/// No message holds any part of what was found between the scheme and the parameters: when a password is not
/// percent-encoded, a piece of it may stand where the host, the port or a parameter is looked for.
enum MySQLDSNError: Error, Equatable {
    case notATarget
    case tooLong
    case controlCharacter
    case strayAt
    case manyHosts
    case badEscape(in: Part)
    case missingHost
    case missingUser
    case badHost
    case bareIPv6
    case badPort
    case badDatabase
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
        case database = "database name"
        case parameter
    }

    var message: String {
        switch self {
        case .notATarget:
            "not a MySQL target: it is written mysql://user:password@host:3306/database "
                + "or user:password@tcp(host:3306)/database"
        case .tooLong: "the target is longer than 8192 bytes"
        case .controlCharacter:
            "the target holds a line break or another control character: percent-encode it, or take it out"
        case .strayAt:
            "cannot tell where the password ends: there is more than one '@', or one after the host. "
                + "Percent-encode the user name and the password ('@' is %40, '/' is %2F, ':' is %3A, "
                + "'?' is %3F, '%' is %25), or write user:password@tcp(host:3306)/database"
        case .manyHosts: "several hosts are not supported: make one check for each of them"
        case .badEscape(let part):
            "the \(part.rawValue) holds a '%' that does not begin a percent-encoded character of UTF-8 "
                + "text: write '%' itself as %25"
        case .missingHost:
            "no host: write mysql://user@host/database, or name a Unix socket "
                + "(mysql://user@/database?socket=/run/mysqld/mysqld.sock)"
        case .missingUser: "no user: write mysql://user@host/database"
        case .badHost: "the host holds a character that no host name or address has" + DSNWords.encodingHint
        case .bareIPv6:
            "an IPv6 address stands in brackets: mysql://user@[::1]:3306/database" + DSNWords.encodingHint
        case .badPort: "the port is not a number from 1 to 65535" + DSNWords.encodingHint
        case .badDatabase: "the database name holds a '/': write it as %2F" + DSNWords.encodingHint
        case .unknownParameter(let key, let nearest):
            DSNWords.unknownParameter(key, nearest: nearest, known: MySQLDSNParameters.known)
        case .repeatedParameter(let key): "the parameter '\(key)' is given twice"
        case .emptyParameter(let key): "the parameter '\(key)' has no value"
        case .unsupportedParameter(let key, let reason): "the parameter '\(key)' is not supported: \(reason)"
        case .badValue(let key, let expected): "the parameter '\(key)' is not \(expected)"
        }
    }
}
