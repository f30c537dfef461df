import Glibc
import Synchronization

/// The right to use a data folder, held by one process at a time.
///
/// The kernel holds the lock and lets go of it when the process ends, however it ends: the file that stays
/// behind is no obstacle.
final class FolderLock: Sendable {
    /// The locked file; nothing once released.
    private let descriptor: Mutex<Int32?>

    /// Takes the lock on `vitals.lock` in `folder` and writes our process id into it.
    init(folder: String) throws(StoreError) {
        let path = "\(folder)/vitals.lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.processID(in: file)
            Glibc.close(file)
            guard reason == EWOULDBLOCK else {
                throw .cannotOpen(path: path, reason: String(cString: strerror(reason)))
            }
            throw .locked(path: folder, pid: holder)
        }
        guard Self.writeProcessID(to: file) else {
            let reason = String(cString: strerror(errno))
            Glibc.close(file)
            throw .cannotOpen(path: path, reason: reason)
        }
        descriptor = Mutex(file)
    }

    deinit {
        release()
    }

    func release() {
        descriptor.withLock { file in
            guard let held = file else { return }
            // Closing is not enough: a child between its fork and its exec has a copy of the descriptor.
            flock(held, LOCK_UN)
            Glibc.close(held)
            file = nil
        }
    }

    private static func writeProcessID(to file: Int32) -> Bool {
        let line = Array("\(getpid())\n".utf8)
        return ftruncate(file, 0) == 0 && pwrite(file, line, line.count, 0) == line.count
    }

    /// Nothing when the holder has not written it yet.
    private static func processID(in file: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
