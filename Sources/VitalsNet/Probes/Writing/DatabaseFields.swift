import VitalsCore
import VitalsEngine

/// Settings that checks of every database server have.
enum DatabaseFields {
    static let role = Field(
        "role", .choice(ExpectedRole.allCases.map(\.rawValue)), usual: ExpectedRole.any.rawValue,
        "the part that the server must have")

    /// All of them within the check's own timeout.
    static let limits = [
        limit("connect", usual: "5s", "how long it may take to the first question, login included"),
        limit("read", usual: "2s", "how long reading may take"),
        limit("write", usual: "2s", "how long writing may take"),
    ]

    /// What a check says of them.
    static func limits(_ settings: Settings) -> PhaseLimits {
        PhaseLimits(
            connect: settings.duration("connect_timeout") ?? .seconds(5),
            read: settings.duration("read_timeout") ?? .seconds(2),
            write: settings.duration("write_timeout") ?? .seconds(2))
    }

    private static func limit(_ name: String, usual: String, _ summary: String) -> Field {
        Field("\(name)_timeout", .duration(.milliseconds(10) ... .seconds(600)), usual: usual, summary)
    }
}
