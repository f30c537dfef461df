import GRDB
import Glibc

/// Looks, without writing, whether the files of a store are ours to change and whole.
struct StoreCheck {
    private let folder: String
    private let path: String

    /// Larger ones are checked only as far as the start reads them: at some 500 MB a second it would take
    /// too long.
    private static let mostBytesWhole: Int64 = 512_000_000
    /// The two that SQLite writes, for either order of bytes in a checksum.
    private static let logMagic: [[UInt8]] = [[0x37, 0x7F, 0x06, 0x82], [0x37, 0x7F, 0x06, 0x83]]

    init(folder: String) {
        self.folder = folder
        path = "\(folder)/\(DataFolder.fileName)"
    }

    /// - Throws: `corrupt`, `newerStore`, or an error of the database.
    func run() throws {
        let size = Self.size(of: path)
        guard let size, size > 0 else { return try refuseLostStore(isThere: size != nil) }
        try checkLog()
        try checkDatabase(isSmall: size <= Self.mostBytesWhole)
    }

    /// SQLite would take an empty file for a new store, and throw away a log that stands alone.
    private func refuseLostStore(isThere: Bool) throws(StoreError) {
        let what = isThere ? "is empty" : "is missing"
        if Self.size(of: "\(path)-wal") ?? 0 > 0 {
            throw .corrupt("\(path) \(what), but there is a \(path)-wal with what was to be put into it")
        }
        if isThere, Self.size(of: "\(folder)/\(SpoolFile.fileName)") != nil {
            throw .corrupt("\(path) \(what), although the folder has been in use")
        }
    }

    /// SQLite passes over a log that does not begin as one, and over all that was committed to it.
    private func checkLog() throws(StoreError) {
        let file = open("\(path)-wal", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        var magic = [UInt8](repeating: 0, count: 4)
        guard pread(file, &magic, magic.count, 0) == magic.count else { return }
        // Zeroes are what a power failure leaves of a log that had only just been made.
        guard magic != [0, 0, 0, 0], !Self.logMagic.contains(magic) else { return }
        throw .corrupt("\(path)-wal does not begin as a log of SQLite does")
    }

    private func checkDatabase(isSmall: Bool) throws {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { database in
            let found = try Migrations.found(in: database)
            guard found <= Migrations.known else {
                throw StoreError.newerStore(found: found, known: Migrations.known)
            }
            if isSmall { try checkPages(database) }
            if found == Migrations.known { _ = try StateReader(database).load() }
        }
        try queue.close()
    }

    /// Table by table, as `transition` must be left out: SQLite before 3.42 finds faults where there are none
    /// in a table without row ids whose key is not its first columns. That one is read through.
    private func checkPages(_ database: Database) throws {
        let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        for table in tables where table != "transition" {
            let fault = try String.fetchOne(database, sql: "PRAGMA quick_check('\(table)')")
            if let fault, fault != "ok" { throw StoreError.corrupt("\(table): \(fault)") }
        }
        guard tables.contains("transition") else { return }
        _ = try Int.fetchOne(database, sql: "SELECT count(from_state || to_state) FROM transition")
    }

    /// In bytes; nothing when it is not there.
    private static func size(of path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
}
