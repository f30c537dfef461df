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

    static func holdsStore(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/\(fileName)")
    }

    static func open(_ folder: String) throws(StoreError) -> DatabasePool {
        let path = "\(folder)/\(fileName)"
        try check(folder)
        try makeFile(path)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            // It was set for less by the pool itself: a commit is to outlive a power failure.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Migrations.apply(to: pool)
            return pool
        } catch {
            throw openingError(error, path)
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

    /// Before anything is written: whether the file is ours to change, and whole.
    private static func check(_ folder: String) throws(StoreError) {
        do {
            try StoreCheck(folder: folder).run()
        } catch {
            switch openingError(error, "\(folder)/\(fileName)") {
            case .corrupt(let fault): throw DamagedStore(folder: folder, fault: fault).refusal()
            case let other: throw other
            }
        }
    }

    private static func openingError(_ error: any Error, _ path: String) -> StoreError {
        switch StoreError(error) {
        case .unavailable(let reason):
            .cannotOpen(path: path, reason: isFull(path) ? "no space left on the disk (\(reason))" : reason)
        case let other: other
        }
    }

    /// SQLite says "disk I/O error" when the file that its connections share cannot grow.
    private static func isFull(_ path: String) -> Bool {
        var disk = statvfs()
        return statvfs(path, &disk) == 0 && UInt64(disk.f_bavail) * UInt64(disk.f_frsize) < 100_000
    }

    static func reason(for error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        if let underlying = error.underlying as? POSIXError {
            return String(cString: strerror(underlying.code.rawValue))
        }
        return "\(error)"
    }
}
