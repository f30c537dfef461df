import Glibc
import VitalsNet

/// By what the stored part of the configuration is sealed: `SECRET_KEY`, or a file in the data folder that is
/// made the first time and readable only by us.
enum SecretKey {
    /// Bytes of a key in the file; the newest comes first.
    static let length = 32

    /// - Throws: `RevisionKeyError` when the file cannot be read, written or believed.
    static func load(folder: String, environment: [String: String]) throws(RevisionKeyError) -> SealedText {
        let given = ["SECRET_KEY", "SECRET_KEY_PREVIOUS"].map { environment[$0] ?? "" }
        if !given[0].isEmpty {
            let earlier = given[1].isEmpty ? [] : [Array(given[1].utf8)]
            return SealedText(secret: Array(given[0].utf8), earlier: earlier)
        }
        let keys = try keys(in: folder + "/secret.key")
        return SealedText(secret: keys[0], earlier: Array(keys.dropFirst()))
    }

    private static func keys(in path: String) throws(RevisionKeyError) -> [[UInt8]] {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw RevisionKeyError(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: length * 16 + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw RevisionKeyError(path, String(cString: strerror(errno))) }
        if count == 0 {
            let new = RevisionKey.random()
            guard write(descriptor, new, new.count) == new.count, fsync(descriptor) == 0 else {
                throw RevisionKeyError(path, String(cString: strerror(errno)))
            }
            return [new]
        }
        guard count < bytes.count, count % length == 0 else {
            throw RevisionKeyError(path, "has \(count) bytes; a key has \(length)")
        }
        return stride(from: 0, to: count, by: length).map { Array(bytes[$0..<$0 + length]) }
    }
}
