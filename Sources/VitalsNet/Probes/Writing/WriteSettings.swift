import VitalsCore
import VitalsEngine

/// How a database is written to: one row for each prober, for ever, which it updates and reads back.
struct WriteSettings: Sendable, Equatable {
    /// Until when a commit is waited for.
    enum Durability: String, Sendable, CaseIterable {
        /// Until it is on the server's own disk.
        case local
        /// Until the synchronous standbys have it too, where there are any.
        case remote
        /// Not at all.
        case off
    }

    /// Its name, after that of its schema where there are such.
    let table: [String]
    /// Whether the table is made where it is missing.
    let provisions: Bool
    let durability: Durability

    /// - Parameter usual: the table, where nothing is said of it; as many names as it must have.
    init(_ settings: Settings = Settings(), usual: [String]) throws(TargetError) {
        table = try Self.table(settings.text("table"), usual: usual)
        provisions = settings.flag("provision") ?? false
        durability = settings.text("durability").flatMap(Durability.init(rawValue:)) ?? .local
    }

    /// The table is made, if it is not there.
    init(making table: [String]) {
        self.table = table
        provisions = true
        durability = .local
    }

    /// Of no more than letters, digits and underscores, so that a name is the same for every server.
    static func table(_ text: String?, usual: [String]) throws(TargetError) -> [String] {
        guard let text else { return usual }
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let areNames = names.allSatisfy { name in
            (1...63).contains(name.utf8.count) && name.utf8.first.map { !(0x30...0x39).contains($0) } == true
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        }
        guard areNames, names.count == usual.count else {
            throw TargetError(
                "the table '\(Printable.prefix(Printable.text(text), bytes: 100))' is not written as in "
                    + usual.joined(separator: ".") + ", of letters, digits and underscores", field: "write")
        }
        return names
    }

    /// What a check may say of it.
    ///
    /// - Parameter hasDurability: whether a session can say until when its commits are waited for.
    static func field(usual table: String, hasDurability: Bool) -> Field {
        let durability = Field(
            "durability", .choice(Durability.allCases.map(\.rawValue)), usual: Durability.local.rawValue,
            "until when a commit is waited for: the server's own disk, the synchronous standbys too, or not")
        return Field(
            "write",
            .option(
                [
                    Field(
                        "table", .text(upTo: 127), usual: table, "the table with a row for each prober"),
                    Field(
                        "provision", .flag, usual: "false",
                        "whether the table is made where it is missing; nothing else ever is"),
                ] + (hasDurability ? [durability] : [])),
            usual: "false", "whether a row is written and read back")
    }
}
