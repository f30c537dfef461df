/// Why a PostgreSQL target cannot be read.
///
/// No message holds any part of what was found between the scheme and the parameters: when a password is not
/// percent-encoded, a piece of it may stand where the host, the port or a parameter is looked for.
enum PostgresDSNError: Error, Equatable {
    case notAURI
    case keywordWithoutValue
    case openQuote
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
        case .notAURI:
            "not a PostgreSQL target: it is written postgres://user:password@host:5432/database "
                + "or host=... port=... user=... password='...' dbname=..."
        case .keywordWithoutValue:
            "a word stands where a parameter with '=' and its value should: "
                + "a value that holds a blank is written in single quotes, and \\' for a quote in it"
        case .openQuote: "a single quote is not closed: write \\' for one that belongs to a value"
        case .tooLong: "the target is longer than 8192 bytes"
        case .controlCharacter:
            "the target holds a line break or another control character: percent-encode it, or take it out"
        case .strayAt:
            "cannot tell where the password ends: there is more than one '@', or one after the host. "
                + "Percent-encode the user name and the password ('@' is %40, '/' is %2F, ':' is %3A, "
                + "'?' is %3F, '%' is %25)"
        case .manyHosts: "several hosts are not supported: make one check for each of them"
        case .badEscape(let part): badEscapeMessage(part)
        case .missingHost:
            "no host: write postgres://user@host/database, or name the folder of a Unix socket "
                + "(postgres://user@/database?host=/var/run/postgresql)"
        case .missingUser: "no user: write postgres://user@host/database"
        case .badHost: "the host holds a character that no host name or address has" + DSNWords.encodingHint
        case .bareIPv6:
            "an IPv6 address stands in brackets: postgres://user@[::1]:5432/database" + DSNWords.encodingHint
        case .badPort: "the port is not a number from 1 to 65535" + DSNWords.encodingHint
        case .badDatabase: "the database name holds a '/': write it as %2F" + DSNWords.encodingHint
        case .unknownParameter(let key, let nearest):
            DSNWords.unknownParameter(key, nearest: nearest, known: PostgresDSNParameters.known)
        case .repeatedParameter(let key): "the parameter '\(key)' is given twice"
        case .emptyParameter(let key): "the parameter '\(key)' has no value"
        case .unsupportedParameter(let key, let reason): "the parameter '\(key)' is not supported: \(reason)"
        case .badValue(let key, let expected): "the parameter '\(key)' is not \(expected)"
        }
    }

    private func badEscapeMessage(_ part: Part) -> String {
        "the \(part.rawValue) holds a '%' that does not begin a percent-encoded character of UTF-8 text: "
            + "write '%' itself as %25"
    }
}
