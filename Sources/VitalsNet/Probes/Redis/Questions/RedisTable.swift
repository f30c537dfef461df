import VitalsCore

/// A reply as rows and columns, which conditions are about.
///
/// One value is one row with the column `value`. Keys and their values (`HGETALL`, `CONFIG GET`, and what
/// `INFO` and `CLUSTER INFO` tell line by line) are one row, its columns named after the keys. A list is a
/// row for each of its items: of a value the column `value`, of keys and values their columns, of a list the
/// columns `value`, `value_2`, `value_3` and so on. What lies deeper is written as JSON.
struct RedisTable: Equatable {
    let rows: VitalQuestion.Rows
    let columns: [VitalQuestion.Column]

    private static let mostColumns = 4_096

    /// - Parameter words: the command's: of some it is known what the reply is, though it does not say.
    init(_ reply: RESPValue, of words: [String]) {
        let lines = Self.lines(reply, of: words)
        let records = lines.map { [$0] } ?? Self.records(reply, isPaired: Self.isPaired(words))
        var names: [String] = []
        var places: [String: Int] = [:]
        for record in records {
            for cell in record where places[cell.name] == nil && names.count < Self.mostColumns {
                places[cell.name] = names.count
                names.append(cell.name)
            }
        }
        rows = records.map { record in
            var row = [String?](repeating: nil, count: names.count)
            for cell in record { if let place = places[cell.name] { row[place] = cell.text } }
            return row
        }
        columns = names.indices.map { [rows] index in
            let isNumber = rows.allSatisfy { $0[index].map { Number.parse($0) != nil } ?? true }
            let isKnown = rows.contains { $0[index] != nil }
            return VitalQuestion.Column(name: names[index], kind: isNumber && isKnown ? .number : .text)
        }
    }

    private typealias Cell = (name: String, text: String?)

    /// What is told line by line, a name and a value in each.
    private static func lines(_ reply: RESPValue, of words: [String]) -> [Cell]? {
        guard case .text(let text) = reply, let first = words.first?.uppercased() else { return nil }
        let second = words.dropFirst().first?.uppercased()
        guard first == "INFO" || (first == "CLUSTER" && second == "INFO") else { return nil }
        return RedisFields(text).entries.map { ($0.name, $0.value) }
    }

    /// In RESP2 keys and values come as a plain list.
    private static func isPaired(_ words: [String]) -> Bool {
        ["HGETALL", "CONFIG"].contains(words.first?.uppercased() ?? "")
    }

    private static func records(_ reply: RESPValue, isPaired: Bool) -> [[Cell]] {
        switch reply {
        case .array(let parts) where isPaired: [pairs(parts)]
        case .array(let parts): parts.map(record)
        case .map(let parts): [pairs(parts)]
        default: [[("value", reply.scalar)]]
        }
    }

    private static func record(_ value: RESPValue) -> [Cell] {
        switch value {
        case .map(let parts): pairs(parts)
        case .array(let parts):
            parts.enumerated().map { index, part in
                (index == 0 ? "value" : "value_\(index + 1)", text(part))
            }
        default: [("value", value.scalar)]
        }
    }

    private static func pairs(_ parts: [RESPValue]) -> [Cell] {
        stride(from: 0, to: parts.count - 1, by: 2).map { (parts[$0].scalar ?? "", text(parts[$0 + 1])) }
    }

    private static func text(_ value: RESPValue) -> String? {
        switch value {
        case .array, .map: json(value).text
        default: value.scalar
        }
    }

    private static func json(_ value: RESPValue) -> JSON {
        switch value {
        case .array(let parts): .array(parts.map(json))
        case .map(let parts):
            JSON(
                members: stride(from: 0, to: parts.count - 1, by: 2).map {
                    (parts[$0].scalar ?? "", json(parts[$0 + 1]))
                })
        case .integer(let number): .integer(number)
        case .bool(let flag): .bool(flag)
        case .text(let text), .number(let text): .string(text)
        case .error(let error): .string(error.text)
        case .null: .null
        }
    }
}
