import FoundationEssentials
import Glibc
import VitalsCore

/// A store that failed its check. It is left as it is, and a copy is kept, so that whatever is tried on it
/// can be undone.
struct DamagedStore {
    let folder: String
    /// What the check found.
    let fault: String

    /// Who starts a server again and again is not to fill the disk.
    static let mostCopies = 3
    private static let mark = ".corrupt-"

    /// The error to be thrown, which says what was found, where the copy is and what to do.
    func refusal() -> StoreError {
        .corrupt(
            """
            \(path): \(fault)
              \(copy())
              to save what can be saved: sqlite3 \(path) .recover | sqlite3 \(path).recovered
              or, where sqlite3 has no .recover (Debian 12): \
            sqlite3 \(path) .dump | sed 's/^ROLLBACK.*/COMMIT;/' | sqlite3 \(path).recovered
              then put \(path).recovered in its place, and remove \(path)-wal and \(path)-shm
              to begin anew instead, move \(path) and \(path)-wal away
            """)
    }

    /// Copies the file and its log, once for each state of the file: the name follows from when it was last
    /// changed.
    private func copy() -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "there is nothing to copy" }
        let changed = Timestamp(microseconds: Int64(status.st_mtim.tv_sec) * 1_000_000)
        let name = changed.iso8601.prefix(19).filter { $0 != "-" && $0 != ":" }
        let target = "\(path)\(Self.mark)\(name)Z"
        guard !FileManager.default.fileExists(atPath: target) else { return "a copy is kept in \(target)" }
        guard copies < Self.mostCopies else {
            return "no copy was made: there are \(Self.mostCopies) already, \(path)\(Self.mark)*"
        }
        do {
            for ending in ["-wal", ""] where FileManager.default.fileExists(atPath: path + ending) {
                try FileManager.default.copyItem(atPath: path + ending, toPath: target + ending)
            }
            return "a copy is kept in \(target)"
        } catch {
            for ending in ["-wal", ""] { unlink(target + ending) }
            return "no copy could be made: \(DataFolder.reason(for: error))"
        }
    }

    private var path: String { "\(folder)/\(DataFolder.fileName)" }

    private var copies: Int {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
        let begin = DataFolder.fileName + Self.mark
        return files?.count { $0.hasPrefix(begin) && !$0.hasSuffix("-wal") } ?? 0
    }
}
