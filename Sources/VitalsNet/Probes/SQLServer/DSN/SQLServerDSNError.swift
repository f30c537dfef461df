/// Why a SQL Server target cannot be read.
///
/// No message holds any part of what was found: when a password is not encoded or quoted as it should be, a
/// piece of it may stand anywhere.
enum SQLServerDSNError: Error, Equatable {
    case notATarget
    case tooLong
    case controlCharacter
    case strayAt
    case manyHosts
    case badEscape(in: Part)
    case openQuote
    case missingHost
    case missingUser
    case windowsUser
    case badHost
    case bareIPv6
    case badPort
    case instanceWithoutPort
    case tooLongName(Part)
    case unknownParameter(nearest: String?)
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
            "not a SQL Server target: it is written sqlserver://user:password@host:1433?database=name "
                + "or Server=host,1433;Database=name;User Id=user;Password=..."
        case .tooLong: "the target is longer than 8192 bytes"
        case .controlCharacter:
            "the target holds a line break or another control character: percent-encode it, or take it out"
        case .strayAt:
            "cannot tell where the password ends: there is more than one '@', or one after the host. "
                + "Percent-encode the user name and the password ('@' is %40, '/' is %2F, ':' is %3A, "
                + "'?' is %3F, '%' is %25), or write Server=...;User Id=...;Password={...}"
        case .manyHosts: "several hosts are not supported: make one check for each of them"
        case .badEscape(let part):
            "the \(part.rawValue) holds a '%' that does not begin a percent-encoded character of UTF-8 "
                + "text: write '%' itself as %25"
        case .openQuote:
            "a quoted value does not end where it should: in braces a '}' is written '}}', and after the "
                + "value comes ';' or the end"
        case .missingHost: "no host: write sqlserver://user@host?database=name"
        case .missingUser: "no user: write sqlserver://user@host?database=name"
        case .windowsUser:
            "the user belongs to a Windows domain, and such logins are not supported: name a SQL Server login"
        case .badHost: "the host holds a character that no host name or address has" + DSNWords.encodingHint
        case .bareIPv6:
            "an IPv6 address stands in brackets: sqlserver://user@[::1]:1433" + DSNWords.encodingHint
        case .badPort: "the port is not a number from 1 to 65535" + DSNWords.encodingHint
        case .instanceWithoutPort:
            "a named instance without its port: the SQL Server Browser is not asked, so name the port that "
                + "the instance listens at (sqlserver://user@host:port?database=name)"
        case .tooLongName(let part): "the \(part.rawValue) is longer than 128 characters"
        case .unknownParameter(let nearest):
            nearest.map { "unknown parameter: did you mean '\($0)'?" }
                ?? "unknown parameter: known are \(SQLServerDSNParameters.known.joined(separator: ", "))"
        case .repeatedParameter(let key): "the parameter '\(key)' is given twice"
        case .emptyParameter(let key): "the parameter '\(key)' has no value"
        case .unsupportedParameter(let key, let reason): "the parameter '\(key)' is not supported: \(reason)"
        case .badValue(let key, let expected): "the parameter '\(key)' is not \(expected)"
        }
    }
}
