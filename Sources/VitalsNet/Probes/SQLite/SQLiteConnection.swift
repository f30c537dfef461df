import CSQLite
import Glibc
import VitalsCore

/// A connection of SQLite that is confined to one thread, and closed with its last reference.
final class SQLiteConnection {
    let handle: OpaquePointer
    let ticket: RunTicket
    let patience: Duration

    /// Instructions of SQLite's machine between two looks at the ticket: well under a millisecond.
    static let instructionsBetweenLooks: CInt = 1_000

    /// Opens a file that exists; never makes one.
    ///
    /// - Parameters:
    ///   - uri: with its mode.
    ///   - patience: for locks of others.
    init(_ uri: String, ticket: RunTicket, patience: Duration) throws(SQLiteFault) {
        var opened: OpaquePointer?
        let access = uri.contains("?mode=rw") ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
        let flags = access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        let code = sqlite3_open_v2(uri, &opened, flags, nil)
        guard let opened else {
            throw SQLiteFault(SQLITE_NOMEM, errno: ENOMEM, "", in: .connect)
        }
        handle = opened
        self.ticket = ticket
        self.patience = patience
        guard code == SQLITE_OK else {
            throw SQLiteFault(
                sqlite3_extended_errcode(opened), errno: sqlite3_system_errno(opened),
                String(cString: sqlite3_errmsg(opened)), in: .connect)
        }
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, CInt(clamping: patience.microseconds / 1_000))
        heedTicket()
    }

    /// Whatever is done ends soon after the ticket was cancelled.
    func heedTicket() {
        sqlite3_progress_handler(
            handle, Self.instructionsBetweenLooks,
            { context in
                guard let context else { return 0 }
                return Unmanaged<RunTicket>.fromOpaque(context).takeUnretainedValue().isCancelled ? 1 : 0
            }, Unmanaged.passUnretained(ticket).toOpaque())
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    /// Whether SQLite opened it only for reading, although it was asked for more.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// The first column of the first row; nothing when there is no row.
    func value(_ sql: String, in phase: Phase) throws(SQLiteFault) -> String? {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            throw fault(in: phase)
        }
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return sqlite3_column_text(statement, 0).map { String(cString: $0) }
        case SQLITE_DONE: return nil
        default: throw fault(in: phase)
        }
    }

    /// The first column of at most so many rows; NULL is left out.
    func values(_ sql: String, upTo limit: Int, in phase: Phase) throws(SQLiteFault) -> [String] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            throw fault(in: phase)
        }
        var values: [String] = []
        for _ in 0..<limit {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                if let text = sqlite3_column_text(statement, 0) { values.append(String(cString: text)) }
            case SQLITE_DONE: return values
            default: throw fault(in: phase)
            }
        }
        return values
    }

    /// The first 100 bytes of the file, through the connection's own descriptor: to close another one would
    /// drop every lock that this process has on the file.
    func header() -> [UInt8]? {
        var file: UnsafeMutablePointer<sqlite3_file>?
        guard
            sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK,
            let file, let read = file.pointee.pMethods?.pointee.xRead
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: 100)
        guard read(file, &bytes, CInt(bytes.count), 0) == SQLITE_OK else { return nil }
        return bytes
    }

    private func fault(in phase: Phase) -> SQLiteFault {
        SQLiteFault(
            sqlite3_extended_errcode(handle), errno: sqlite3_system_errno(handle),
            String(cString: sqlite3_errmsg(handle)), in: phase)
    }
}
