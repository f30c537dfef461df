import CSQLite
import Glibc
import VitalsCore

/// What a result code of SQLite means.
struct SQLiteFault: Error, Equatable {
    let cause: Cause
    /// SQLite's own name of the code, or the errno's.
    let code: String
    let message: String

    /// - Parameters:
    ///   - code: the extended result code.
    ///   - errno: of the call of the system that failed; 0 when none did.
    ///   - phase: what a refusal means depends on it.
    init(_ code: CInt, errno number: CInt, _ words: String, in phase: Phase) {
        self.code = Self.name(code)
        (cause, message) = Self.meaning(code, number, words, in: phase)
    }

    /// `stat` failed on the file.
    init(errno number: CInt, path: String) {
        code = Self.errnoName(number)
        switch number {
        case ENOENT, ENOTDIR: (cause, message) = (.dbMissing, "there is no file \(path)")
        case EACCES, EPERM:
            (cause, message) = (.privilege, "our user may not look into the folder of \(path)")
        case ENAMETOOLONG, ELOOP, EINVAL:
            (cause, message) = (.badConfiguration, "\(path) cannot be a path: \(Self.words(number))")
        case ENOMEM, EMFILE, ENFILE:
            (cause, message) = (.internal, "\(path) was not looked at: \(Self.words(number))")
        default: (cause, message) = (.unreachable, "\(path) cannot be reached: \(Self.words(number))")
        }
    }

    /// Something that is no file of a database.
    init(_ cause: Cause, code: String, _ message: String) {
        (self.cause, self.code, self.message) = (cause, code, message)
    }

    private static func meaning(
        _ code: CInt, _ number: CInt, _ words: String, in phase: Phase
    ) -> (Cause, String) {
        let system = number == 0 ? "" : ": \(Self.words(number))"
        guard code != SQLITE_NOMEM, code != SQLITE_IOERR | (12 << 8) else {
            return (.internal, "no memory for it here")
        }
        return switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: (.lockTimeout, "another program holds a lock on it")
        case SQLITE_NOTADB: (.corruption, "the file is no SQLite database (or an encrypted one)")
        case SQLITE_CORRUPT: (.corruption, "the database is corrupt: \(words)")
        case SQLITE_IOERR: (.corruption, "the file cannot be read\(system.isEmpty ? ": \(words)" : system)")
        case SQLITE_FULL: (.writeRefusedResource, "the database or its disk is full")
        case SQLITE_PERM, SQLITE_AUTH: (.privilege, words)
        case SQLITE_READONLY where phase == .write && code == readOnlyFolder: (.privilege, journal)
        case SQLITE_READONLY where phase == .write: (.readOnly, "the database cannot be written\(system)")
        case SQLITE_READONLY: (.privilege, Self.folder)
        case SQLITE_CANTOPEN: cannotOpen(number, in: phase)
        default: (.unexpectedReply, words)
        }
    }

    private static func cannotOpen(_ number: CInt, in phase: Phase) -> (Cause, String) {
        switch number {
        case EMFILE, ENFILE, ENOMEM: (.internal, "the file was not opened: \(words(number))")
        case ENOENT where phase == .connect: (.dbMissing, "the file is gone")
        case EACCES, EPERM, EROFS:
            (.privilege, phase == .connect ? "our user may not open the file" : folder)
        // A database in WAL mode whose files beside it cannot be made.
        case _ where phase != .connect: (.privilege, folder)
        default: (.unreachable, "the file cannot be opened: \(words(number))")
        }
    }

    private static let folder =
        "it keeps a write-ahead log, and our user may not use the files of it beside the database"

    /// SQLITE_READONLY_DIRECTORY, which is no name in Swift.
    static let readOnlyFolder = SQLITE_READONLY | (6 << 8)
    private static let journal =
        "our user may not write to the folder of the database, where SQLite makes its journal"

    private static func name(_ code: CInt) -> String {
        let names: [CInt: String] = [
            SQLITE_ERROR: "ERROR", SQLITE_PERM: "PERM", SQLITE_BUSY: "BUSY", SQLITE_LOCKED: "LOCKED",
            SQLITE_NOMEM: "NOMEM", SQLITE_READONLY: "READONLY", SQLITE_INTERRUPT: "INTERRUPT",
            SQLITE_IOERR: "IOERR", SQLITE_CORRUPT: "CORRUPT", SQLITE_FULL: "FULL",
            SQLITE_CANTOPEN: "CANTOPEN", SQLITE_PROTOCOL: "PROTOCOL", SQLITE_AUTH: "AUTH",
            SQLITE_NOTADB: "NOTADB",
        ]
        let name = names[code & 0xFF].map { "SQLITE_\($0)" } ?? "SQLite \(code & 0xFF)"
        return code > 0xFF ? "\(name) \(code)" : name
    }

    private static func errnoName(_ number: CInt) -> String {
        let names: [CInt: String] = [
            ENOENT: "ENOENT", ENOTDIR: "ENOTDIR", EACCES: "EACCES", EPERM: "EPERM", ELOOP: "ELOOP",
            ENAMETOOLONG: "ENAMETOOLONG", EIO: "EIO", ESTALE: "ESTALE", ENOMEM: "ENOMEM",
        ]
        return names[number] ?? "errno \(number)"
    }

    static func words(_ number: CInt) -> String { String(cString: strerror(number)) }
}
