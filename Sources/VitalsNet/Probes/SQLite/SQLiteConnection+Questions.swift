import CSQLite
import NIOCore
import VitalsCore

/// Why a statement of a check's author was not answered, for people.
struct SQLiteRefusal: Error, Equatable {
    let reason: String
}

extension SQLiteConnection {
    /// No value that a statement of somebody else's makes may be larger: to make one is a single step, in
    /// which nothing stops it.
    private static let longestValue: CInt = 16 << 20

    /// What a statement of a check's author returns: one, which can only read.
    ///
    /// Three things see to that: the connection writes nothing (`query_only`), SQLite says of the compiled
    /// statement that it only reads, and whatever else a statement may do besides reading is not compiled
    /// (the authorizer: no ATTACH, no PRAGMA that changes anything, no transaction of its own). When its time
    /// is over, it is interrupted.
    func ask(_ text: String, within limit: Duration) throws(SQLiteRefusal) -> Observation.Rows {
        let watch = QuestionWatch(ticket: ticket, due: .now() + TimeAmount(limit))
        do throws(SQLiteFault) {
            _ = try value("PRAGMA query_only = 1", in: .vitals)
        } catch {
            throw SQLiteRefusal(reason: error.message)
        }
        let longest = sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Self.longestValue)
        sqlite3_busy_timeout(handle, CInt(clamping: min(limit, patience).microseconds / 1_000))
        let context = Unmanaged.passUnretained(watch).toOpaque()
        sqlite3_set_authorizer(handle, Self.authorizer, context)
        sqlite3_progress_handler(
            handle, Self.instructionsBetweenLooks,
            { context in
                guard let context else { return 0 }
                return Unmanaged<QuestionWatch>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
            }, context)
        defer {
            withExtendedLifetime(watch) { heedTicket() }
            sqlite3_set_authorizer(handle, nil, nil)
            sqlite3_busy_timeout(handle, CInt(clamping: patience.microseconds / 1_000))
            sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest)
        }
        let statement = try compile(text, watch)
        defer { sqlite3_finalize(statement) }
        return try rows(of: statement, watch, within: limit)
    }

    /// The one statement that a text holds.
    private func compile(_ text: String, _ watch: QuestionWatch) throws(SQLiteRefusal) -> OpaquePointer {
        var first: OpaquePointer?
        var second: OpaquePointer?
        var code = SQLITE_OK
        var codeOfRest = SQLITE_OK
        var words = ""
        text.withCString { start in
            var rest: UnsafePointer<CChar>?
            code = sqlite3_prepare_v2(handle, start, -1, &first, &rest)
            if code != SQLITE_OK { words = String(cString: sqlite3_errmsg(handle)) }
            // Nothing but blanks and comments is no statement.
            if first != nil { codeOfRest = sqlite3_prepare_v2(handle, rest, -1, &second, nil) }
        }
        sqlite3_finalize(second)
        guard code == SQLITE_OK else { throw refusal(code, words, watch) }
        guard let first else { throw SQLiteRefusal(reason: "the query says nothing") }
        guard second == nil, codeOfRest == SQLITE_OK else {
            sqlite3_finalize(first)
            throw SQLiteRefusal(reason: "the query is more than one statement")
        }
        guard sqlite3_stmt_readonly(first) != 0 else {
            sqlite3_finalize(first)
            throw SQLiteRefusal(reason: Self.writes)
        }
        return first
    }

    private func rows(
        of statement: OpaquePointer, _ watch: QuestionWatch, within limit: Duration
    ) throws(SQLiteRefusal) -> Observation.Rows {
        let columns = (0..<sqlite3_column_count(statement)).map { index in
            sqlite3_column_name(statement, index).map { String(cString: $0) } ?? ""
        }
        var rows: [[Observation.Field]] = []
        var bytes = 0
        while true {
            let code = sqlite3_step(statement)
            guard code != SQLITE_DONE else { break }
            guard code == SQLITE_ROW else {
                let words = String(cString: sqlite3_errmsg(handle))
                guard code & 0xFF == SQLITE_INTERRUPT, !ticket.isCancelled else {
                    throw refusal(code, words, watch)
                }
                throw SQLiteRefusal(reason: "took longer than \(limit.shortText)")
            }
            guard rows.count < Examination.mostOwnRows else {
                throw SQLiteRefusal(reason: Examination.tooManyRows)
            }
            rows.append((0..<CInt(columns.count)).map { field(statement, $0, &bytes) })
            guard bytes <= Examination.mostOwnBytes else {
                throw SQLiteRefusal(reason: Examination.tooManyBytes)
            }
        }
        return Observation.Rows(columns: columns, kept: rows, count: rows.count)
    }

    /// Of each value by itself: what a column was declared as binds none of them.
    private func field(_ statement: OpaquePointer, _ index: CInt, _ bytes: inout Int) -> Observation.Field {
        let type = sqlite3_column_type(statement, index)
        guard type != SQLITE_NULL else { return .null }
        // Of a number: as SQLite writes it.
        let start = type == SQLITE_BLOB ? nil : sqlite3_column_text(statement, index)
        let count = Int(sqlite3_column_bytes(statement, index))
        bytes += count
        guard bytes <= Examination.mostOwnBytes else { return .null }
        let blob = type == SQLITE_BLOB ? sqlite3_column_blob(statement, index) : nil
        let content =
            start.map { UnsafeRawBufferPointer(start: $0, count: count) }
            ?? UnsafeRawBufferPointer(start: blob, count: blob == nil ? 0 : count)
        let text = String(decoding: content, as: UTF8.self)
        return type == SQLITE_INTEGER || type == SQLITE_FLOAT ? .number(text) : .text(text)
    }

    private func refusal(_ code: CInt, _ words: String, _ watch: QuestionWatch) -> SQLiteRefusal {
        switch code & 0xFF {
        case _ where watch.hasDenied: SQLiteRefusal(reason: Self.writes)
        case SQLITE_READONLY: SQLiteRefusal(reason: Self.writes)
        case SQLITE_BUSY, SQLITE_LOCKED: SQLiteRefusal(reason: "another program holds a lock on the file")
        default:
            SQLiteRefusal(
                reason: Printable.prefix(Printable.text(words), bytes: 1_000) + " (SQLite \(code & 0xFF))")
        }
    }

    private static let writes = "the query would do more than read, or ask what it may not"

    /// What reading a table, a view or a virtual table takes. The latter compile statements that write while
    /// they are opened, which nobody carries out: whether the author's own is one is asked when it stands.
    private static let authorizer:
        @convention(c) (
            UnsafeMutableRawPointer?, CInt, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?, UnsafePointer<CChar>?
        ) -> CInt = { context, action, first, second, _, _ in
            let isAllowed: Bool
            switch action {
            case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE, SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
                isAllowed = true
            case SQLITE_FUNCTION:
                isAllowed = second.map { String(cString: $0).lowercased() } != "load_extension"
            case SQLITE_PRAGMA:
                let name = first.map { String(cString: $0) } ?? ""
                isAllowed = second == nil && SQLiteConnection.pragmas.contains(name)
            default: isAllowed = false
            }
            if isAllowed { return SQLITE_OK }
            if let context {
                Unmanaged<QuestionWatch>.fromOpaque(context).takeUnretainedValue().hasDenied = true
            }
            return SQLITE_DENY
        }

    /// Those that only tell, where nothing is given to them; full text search asks for the second.
    private static let pragmas: Set = [
        "application_id", "data_version", "freelist_count", "page_count", "page_size", "schema_version",
        "user_version",
    ]
}

/// When a statement is to end, and whether it wanted more than it may.
private final class QuestionWatch {
    var hasDenied = false
    private let ticket: RunTicket
    private let due: NIODeadline

    init(ticket: RunTicket, due: NIODeadline) {
        self.ticket = ticket
        self.due = due
    }

    /// Whether its time is over, or nobody waits for the run any more.
    var isOver: Bool { ticket.isCancelled || .now() >= due }
}
