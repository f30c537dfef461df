/// What a MySQL server would send, byte by byte, for scripted peers.
enum MySQLBytes {
    static let challenge = Array("abcdefghijklmnopqrst".utf8)

    static func packet(_ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
        little(payload.count, bytes: 3) + [number] + payload
    }

    /// - Parameter capabilities: default: all that MySQL 8 has, but for the shorter end of rows.
    static func greeting(
        _ version: String = "8.4.2", connection: Int = 42, plugin: String = "caching_sha2_password",
        challenge: [UInt8] = challenge, capabilities: UInt32 = 0xDEFF_FFFF
    ) -> [UInt8] {
        let (low, high) = (Int(capabilities & 0xFFFF), Int(capabilities >> 16))
        let start = [10] + text(version) + little(connection, bytes: 4) + challenge.prefix(8) + [0]
        let middle = little(low, bytes: 2) + [255] + little(2, bytes: 2) + little(high, bytes: 2)
        let end = [21] + [UInt8](repeating: 0, count: 10) + challenge.dropFirst(8) + [0] + text(plugin)
        return packet(0, start + middle + end)
    }

    static func ok(_ number: UInt8) -> [UInt8] { done(number, changed: 0) }

    /// - Parameter changed: so many rows.
    static func done(_ number: UInt8, changed: UInt8) -> [UInt8] {
        packet(number, [0, changed, 0, 2, 0, 0, 0])
    }

    static func error(
        _ number: UInt8, _ code: Int, _ message: String = "no", state: String = "HY000"
    ) -> [UInt8] {
        let mark = state.isEmpty ? [] : Array("#\(state)".utf8)
        return packet(number, [0xFF] + little(code, bytes: 2) + mark + Array(message.utf8))
    }

    static func change(_ number: UInt8, _ plugin: String, challenge: [UInt8] = challenge) -> [UInt8] {
        packet(number, [0xFE] + text(plugin) + challenge + [0])
    }

    static func more(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        packet(number, [1] + bytes)
    }

    /// A whole answer, numbered from 1.
    static func rows(_ columns: [String], _ values: [[String?]]) -> [UInt8] {
        var number: UInt8 = 0
        func next(_ payload: [UInt8]) -> [UInt8] {
            number &+= 1
            return packet(number, payload)
        }
        let end: [UInt8] = [0xFE, 0, 0, 2, 0]
        var bytes = next([UInt8(columns.count)])
        for column in columns {
            let names = ["def", "", "", "", column, ""].flatMap(lengthEncoded)
            bytes += next(names + [0x0C, 45, 0, 40, 0, 0, 0, 0xFD, 0, 0, 0, 0, 0])
        }
        bytes += next(end)
        for row in values { bytes += next(row.flatMap { $0.map(lengthEncoded) ?? [0xFB] }) }
        return bytes + next(end)
    }

    static let one = rows(["1"], [["1"]])

    static func identity(
        comment: String = "MySQL Community Server - GPL", readOnly: String = "0"
    ) -> [UInt8] {
        rows(
            ["comment", "identifier", "read_only", "engine_read_only", "super_read_only"],
            [[comment, "6f0d5b1e-0000-11ef-9a3c-0242ac120002", readOnly, "0", "0"]])
    }

    static func text(_ value: String) -> [UInt8] { Array(value.utf8) + [0] }

    static func lengthEncoded(_ value: String) -> [UInt8] {
        precondition(value.utf8.count <= 0xFA)
        return [UInt8(value.utf8.count)] + Array(value.utf8)
    }

    static func little(_ value: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
