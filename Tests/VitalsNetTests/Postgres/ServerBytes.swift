/// What a PostgreSQL server would send, byte by byte, for scripted peers.
enum ServerBytes {
    static func message(_ type: Character, _ body: [UInt8]) -> [UInt8] {
        [type.asciiValue ?? 0] + integer(body.count + 4) + body
    }

    static func authentication(_ code: Int, _ rest: [UInt8] = []) -> [UInt8] {
        message("R", integer(code) + rest)
    }

    static func sasl(_ mechanisms: String...) -> [UInt8] {
        sasl(mechanisms)
    }

    static func sasl(_ mechanisms: [String]) -> [UInt8] {
        authentication(10, mechanisms.flatMap(text) + [0])
    }

    static func parameter(_ name: String, _ value: String) -> [UInt8] {
        message("S", text(name) + text(value))
    }

    static func row(_ columns: String?...) -> [UInt8] {
        let values = columns.flatMap { column -> [UInt8] in
            guard let column else { return [0xFF, 0xFF, 0xFF, 0xFF] }
            return integer(column.utf8.count) + Array(column.utf8)
        }
        return message("D", [0, UInt8(columns.count)] + values)
    }

    static func error(
        _ code: String, _ text: String, severity: String = "FATAL", routine: String = ""
    ) -> [UInt8] {
        let fields = [("S", "FATAL"), ("V", severity), ("C", code), ("M", text), ("R", routine)]
        return message("E", fields.flatMap { Array($0.0.utf8) + self.text($0.1) } + [0])
    }

    static let ok = authentication(0)
    static let ready = message("Z", [UInt8(ascii: "I")])
    static let done = message("C", text("SELECT 1"))
    static let description = message("T", [0, 0])

    /// From AuthenticationOk to the first ReadyForQuery.
    static let start =
        ok + parameter("server_version", "15.18 (Debian 15.18-0+deb12u1)")
        + parameter("in_hot_standby", "off")
        + message("K", integer(4_711) + integer(42)) + ready

    static let identity =
        description + row("f", "4711") + done + description + row("7412345678901234567") + done + ready

    static let one = description + row("1") + done + ready

    static func integer(_ value: Int) -> [UInt8] {
        let value = UInt32(truncatingIfNeeded: value)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    static func text(_ value: String) -> [UInt8] {
        Array(value.utf8) + [0]
    }
}
