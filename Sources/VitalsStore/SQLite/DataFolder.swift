import FoundationEssentials
import GRDB
import Glibc

/// How the folder and the file in it are made and opened.
enum DataFolder {
    static let fileName = "vitals.db"

    /// Makes the folder, and those above it, for us alone.
    static func make(_ folder: String) throws(StoreError) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(path: folder, reason: reason(for: error))
        }
    }

    static func open(_ folder: String) throws(StoreError) -> any DatabaseWriter {
        let path = "\(folder)/\(fileName)"
        try makeFile(path)
        do {
            try check(path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            // It was set for less by the pool itself: a commit is to outlive a power failure.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Migrations.apply(to: pool)
            return pool
        } catch {
            throw openingError(error, path)
        }
    }

    static func openInMemory() throws(StoreError) -> any DatabaseWriter {
        do {
            let queue = try DatabaseQueue(configuration: configuration)
            try Migrations.apply(to: queue)
            return queue
        } catch {
            throw openingError(error, ":memory:")
        }
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        // Keys come from the rows they point at, in the same transaction; to check each again would cost a
        // look-up a run.
        configuration.foreignKeysEnabled = false
        // Somebody may look into the file with a tool of their own.
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 3
        configuration.prepareDatabase { database in
            // Before anything is written. Fewer checkpoints: most pages are written again soon.
            try database.execute(
                sql: """
                    PRAGMA page_size = 4096;
                    PRAGMA wal_autocheckpoint = 4000;
                    PRAGMA journal_size_limit = 67108864;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA secure_delete = OFF;
                    """)
        }
        return configuration
    }

    /// The file, empty, so that it and those that SQLite puts beside it are ours alone.
    private static func makeFile(_ path: String) throws(StoreError) {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
        Glibc.close(file)
    }

    /// Looks without writing whether the file is ours to change.
    private static func check(_ path: String) throws {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let found = try queue.read { try Migrations.found(in: $0) }
        try queue.close()
        guard found <= Migrations.known else {
            throw StoreError.newerStore(found: found, known: Migrations.known)
        }
    }

    private static func openingError(_ error: any Error, _ path: String) -> StoreError {
        switch StoreError(error) {
        case .unavailable(let reason): .cannotOpen(path: path, reason: reason)
        case let other: other
        }
    }

    private static func reason(for error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        if let underlying = error.underlying as? POSIXError {
            return String(cString: strerror(underlying.code.rawValue))
        }
        return "\(error)"
    }
}
