import Hummingbird
import VitalsCore
import VitalsEngine

/// The part of a list that was asked for: `?limit=` and `?cursor=`.
struct Page: Sendable, Equatable {
    static let defaultLimit = 100
    static let maximumLimit = 1_000
    private static let longestCursor = 512

    /// 1 to 1,000.
    let limit: Int
    /// The key of the last item that was had; nothing for the first page.
    let after: String?
    /// Which list it is; a cursor of another list is none of this one.
    private let list: String

    /// - Parameter list: the list's name, kept in the cursor.
    init(of list: String, _ query: Query) throws(Problem) {
        self.list = list
        limit = try Self.limit(query["limit"])
        guard let cursor = query["cursor"] else {
            after = nil
            return
        }
        let mark = "\(list):"
        guard cursor.utf8.count <= Self.longestCursor, let text = Hexadecimal.decode(cursor),
            text.hasPrefix(mark), text.count > mark.count
        else { throw Self.badCursor }
        after = String(text.dropFirst(mark.count))
    }

    /// `after` as something that is written as a text; `bad_cursor` when it is not.
    func after<Key: LosslessStringConvertible>(as type: Key.Type) throws(Problem) -> Key? {
        guard let after else { return nil }
        guard let key = Key(after) else { throw Self.badCursor }
        return key
    }

    /// `{"items":[...],"next_cursor":...}`
    ///
    /// - Parameter next: the key of the last item if more follow.
    func json(_ items: [JSON], next: String?) -> JSON {
        ["items": .array(items), "next_cursor": JSON(next.map { Hexadecimal.encode("\(list):\($0)") })]
    }

    private static let badCursor = Problem(
        .badCursor, "The cursor is not one that this list has given out.")

    private static func limit(_ text: String?) throws(Problem) -> Int {
        guard let text else { return defaultLimit }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let limit = Int(text),
            (1...maximumLimit).contains(limit)
        else { throw Problem(.badLimit, "The limit is a whole number from 1 to 1000.") }
        return limit
    }
}
