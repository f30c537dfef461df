import Glibc
import VitalsNet

/// The key of the revisions, kept in the data folder and readable only by us.
enum RevisionKey {
    /// Reads it, or makes it the first time.
    ///
    /// - Throws: `RevisionKeyError` when the file cannot be read, written or believed.
    static func load(folder: String) throws(RevisionKeyError) -> [UInt8] {
        let path = folder + "/revision.key"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw RevisionKeyError(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var key = [UInt8](repeating: 0, count: RevisionDigest.keyLength + 1)
        let count = read(descriptor, &key, key.count)
        if count == RevisionDigest.keyLength { return Array(key.prefix(count)) }
        guard count == 0 else {
            throw RevisionKeyError(path, "has \(count) bytes or more instead of \(RevisionDigest.keyLength)")
        }
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
}
