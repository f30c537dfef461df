import CSQLite
import Glibc
import VitalsCore

/// One look at a database file: whether it is there, can be read and, if asked for, be written. Leaves
/// nothing behind, and changes nothing but the row of a prober, where there is one.
struct SQLiteInspection: Sendable {
    let dsn: SQLiteDSN
    let wantsWriting: Bool
    /// What is written; nothing: nothing is.
    var heartbeat: SQLiteHeartbeat?
    /// For locks of others.
    let patience: Duration
    /// What is measured besides.
    let vitals: SQLiteVitals
    /// What the check's author asks besides.
    var questions = SQLiteQuestions(questions: [], vitals: [])

    /// Blocks; on a thread for such.
    func perform(_ ticket: RunTicket, _ report: (BlockingVerdict) -> Void) {
        var connection: SQLiteConnection?
        var verdict = verdict(ticket, &connection)
        guard let connection, !vitals.isEmpty || !questions.isEmpty else { return report(verdict) }
        verdict.goesOn = true
        report(verdict)
        // What has come stands, whatever becomes of the next.
        questions.ask(connection, ticket) { answer in
            verdict.answers.append(answer)
            report(verdict)
        }
        let take = { (vital: Vital) in
            verdict.vitals.append(vital)
            report(verdict)
        }
        vitals.measure(connection, ticket, take)
        questions.measure(connection, ticket, take)
        verdict.goesOn = false
        report(verdict)
    }

    /// - Parameter connection: if it was opened, and the file is sound as far as it was read.
    private func verdict(_ ticket: RunTicket, _ connection: inout SQLiteConnection?) -> BlockingVerdict {
        var facts = Facts()
        do throws(SQLiteFault) {
            connection = try look(ticket, &facts)
            return BlockingVerdict(facts: facts)
        } catch {
            let message = Printable.prefix(Printable.text(error.message), bytes: 1_024)
            let fault = Fault(error.cause, in: ticket.phase, code: error.code, message: message)
            return BlockingVerdict(fault: fault, facts: facts)
        }
    }

    private func look(
        _ ticket: RunTicket, _ facts: inout Facts
    ) throws(SQLiteFault) -> SQLiteConnection {
        let size = try checkFile()
        facts[.fileBytes] = .number(size)
        let connection = try open(ticket)
        ticket.enter(.read)
        try read(connection, &facts)
        guard opensForWriting else { return connection }
        ticket.enter(.write)
        try write(connection)
        if heartbeat != nil { facts[.write] = .text("done") }
        return connection
    }

    private var opensForWriting: Bool { wantsWriting || heartbeat != nil }

    // MARK: Opening

    /// Opening something else than a file may hang or do harm, so it is looked at first.
    private func checkFile() throws(SQLiteFault) -> Int {
        var status = stat()
        guard stat(dsn.path, &status) == 0 else { throw SQLiteFault(errno: errno, path: dsn.path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw SQLiteFault(.badConfiguration, code: "EISDIR", "\(dsn.path) is a folder")
        default: throw SQLiteFault(.badConfiguration, code: "ENOTSUP", "\(dsn.path) is no regular file")
        }
        guard status.st_size > 0 else {
            throw SQLiteFault(.dbMissing, code: "empty", "\(dsn.path) is empty: it holds no database")
        }
        return Int(status.st_size)
    }

    private func open(_ ticket: RunTicket) throws(SQLiteFault) -> SQLiteConnection {
        let mode = opensForWriting ? "rw" : "ro"
        let connection = try connect(mode, isImmutable: dsn.isImmutable, ticket)
        guard !opensForWriting, !dsn.isImmutable, let header = connection.header(), usesLog(header),
            !hasLog
        else { return connection }
        // Nobody has it open, and all that was written is in the file. To read it in the usual way would make
        // the two files of a write-ahead log beside it, as our user.
        return try connect(mode, isImmutable: true, ticket)
    }

    private func connect(
        _ mode: String, isImmutable: Bool, _ ticket: RunTicket
    ) throws(SQLiteFault) -> SQLiteConnection {
        try SQLiteConnection(
            dsn.uri(mode: mode, isImmutable: isImmutable), ticket: ticket, patience: patience)
    }

    /// Whether the file says that it is read by way of a write-ahead log.
    private func usesLog(_ header: [UInt8]) -> Bool {
        header.starts(with: Array("SQLite format 3\0".utf8)) && header[19] == 2
    }

    private var hasLog: Bool {
        var status = stat()
        return stat(dsn.path + "-wal", &status) == 0 || errno != ENOENT
    }

    // MARK: Reading and writing

    private func read(_ connection: SQLiteConnection, _ facts: inout Facts) throws(SQLiteFault) {
        // Reads the first page and every page of the schema; `SELECT 1` would read none.
        _ = try connection.value("SELECT count(*) FROM sqlite_master", in: .read)
        if let mode = try journalMode(connection) { facts[.journalMode] = .text(mode) }
        for (name, pragma) in Self.numbers {
            guard let text = try connection.value("PRAGMA \(pragma)", in: .read), let number = Int(text)
            else { continue }
            facts[name] = .number(number)
        }
        facts[.libraryVersion] = .text("SQLite \(String(cString: sqlite3_libversion()))")
    }

    private static let numbers: [(FactName, String)] = [
        (.pageCount, "page_count"), (.pageSize, "page_size"), (.userVersion, "user_version"),
    ]

    /// Asked of the header: a connection that takes the file as immutable knows of no log.
    private func journalMode(_ connection: SQLiteConnection) throws(SQLiteFault) -> String? {
        if let header = connection.header(), usesLog(header) { return "wal" }
        return try connection.value("PRAGMA journal_mode", in: .read)
    }

    /// Takes the lock that a writer takes, and gives it back; or writes.
    private func write(_ connection: SQLiteConnection) throws(SQLiteFault) {
        guard !connection.isReadOnly else { throw refusal() }
        if let heartbeat { return try heartbeat.write(connection) }
        _ = try connection.value("BEGIN IMMEDIATE", in: .write)
        _ = try connection.value("ROLLBACK", in: .write)
        let mode = try journalMode(connection) ?? ""
        if ["delete", "truncate", "persist"].contains(mode), !mayKeepJournal {
            throw SQLiteFault(SQLiteFault.readOnlyFolder, errno: errno, "", in: .write)
        }
    }

    /// Whether what a change begins with could be made: a transaction that changes nothing makes no journal.
    private var mayKeepJournal: Bool {
        guard let resolved = realpath(dsn.path, nil) else { return true }
        defer { free(resolved) }
        let file = String(cString: resolved)
        let folder = file[..<(file.lastIndex(of: "/") ?? file.startIndex)]
        return access("\(file)-journal", W_OK) == 0
            || faccessat(AT_FDCWD, "\(folder)/", W_OK | X_OK, AT_EACCESS) == 0
    }

    /// SQLite fell back to reading. Why, the system knows.
    private func refusal() -> SQLiteFault {
        let code = "SQLITE_READONLY"
        let number = faccessat(AT_FDCWD, dsn.path, W_OK, AT_EACCESS) == 0 ? 0 : errno
        return switch number {
        case EACCES, EPERM: SQLiteFault(.privilege, code: code, "our user may not write to the file")
        case EROFS:
            SQLiteFault(
                .readOnly, code: code,
                "the file can only be read: it lies on a file system that is read-only")
        default: SQLiteFault(.readOnly, code: code, "the file can only be read")
        }
    }
}
