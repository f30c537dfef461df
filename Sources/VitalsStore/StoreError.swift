package import VitalsCore
import VitalsEngine

/// Why a store cannot be opened, or why it did not do what it was asked.
package enum StoreError: StoreFailure, Equatable, CustomStringConvertible {
    /// Another process holds the folder; its process id, if it could be read.
    case locked(path: String, pid: Int32?)
    /// A later version has written it: the migration it is at, and the last one known here.
    case newerStore(found: Int, known: Int)
    /// What was read is not what any version wrote. The file is left as it is.
    case corrupt(String)
    /// Folder or file cannot be made, opened or brought up to date.
    case cannotOpen(path: String, reason: String)
    /// It cannot be read or written now: the disk is full, read-only, failing, ... Trying again may help.
    case unavailable(String)
    /// A batch speaks of a health check that was never registered.
    case unknownHealthCheck(HealthCheckID)

    package var isDamage: Bool {
        if case .corrupt = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .locked(let path, let pid):
            "\(path) is in use by \(pid.map { "the process \($0)" } ?? "another process")"
        case .newerStore(let found, let known):
            "the store was written by a later version (format \(found), known up to \(known)); "
                + "use that version, or another data folder"
        case .corrupt(let what):
            "the store is damaged and was left as it is: \(what)"
        case .cannotOpen(let path, let reason):
            "cannot open \(path): \(reason)"
        case .unavailable(let reason):
            "the store cannot be used now: \(reason)"
        case .unknownHealthCheck(let id):
            "the health check \(id) is not registered"
        }
    }
}
