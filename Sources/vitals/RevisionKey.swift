import Glibc
import VitalsNet

/// The key of the revisions, kept in the data folder and readable only by us.
enum RevisionKey {
    /// Reads it, or makes it the first time.
    ///
    /// - Parameter isInUse: whether revisions of this key are in the store: another key would make every
    ///   health check another one, and end what is open.
    /// - Throws: `RevisionKeyError` when the file cannot be read, written or believed, or is missing in use.
    static func load(folder: String, isInUse: Bool) throws(RevisionKeyError) -> [UInt8] {
        let path = folder + "/revision.key"
        let flags = isInUse ? O_RDONLY : O_RDWR | O_CREAT
        let descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw isInUse && errno == ENOENT
                ? .lost(path) : RevisionKeyError(path, String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var key = [UInt8](repeating: 0, count: RevisionDigest.keyLength + 1)
        let count = read(descriptor, &key, key.count)
        if count == RevisionDigest.keyLength { return Array(key.prefix(count)) }
        guard count >= 0 else { throw RevisionKeyError(path, String(cString: strerror(errno))) }
        guard count == 0 else {
            throw RevisionKeyError(path, "has \(count) bytes or more instead of \(RevisionDigest.keyLength)")
        }
        guard !isInUse else { throw .lost(path) }
        let new = random()
        guard write(descriptor, new, new.count) == new.count, fsync(descriptor) == 0 else {
            throw RevisionKeyError(path, String(cString: strerror(errno)))
        }
        return new
    }

    static func random() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<RevisionDigest.keyLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

struct RevisionKeyError: Error, CustomStringConvertible {
    let description: String

    init(_ path: String, _ reason: String) {
        description = "\(path): \(reason)"
    }

    static func lost(_ path: String) -> RevisionKeyError {
        RevisionKeyError(
            path,
            """
            missing or empty, but the store beside it was made with it. Put it back from where the store \
            came from: a backup is the whole folder. If it is lost, every health check begins anew, and what \
            is open ends, with another one: head -c \(RevisionDigest.keyLength) /dev/urandom > \(path)
            """)
    }
}
