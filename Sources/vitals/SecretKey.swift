import Glibc
import VitalsNet

/// By what the stored part of the configuration is sealed: `SECRET_KEY`, or a file in the data folder that is
/// made the first time and readable only by us.
enum SecretKey {
    /// Bytes of a key in the file; the newest comes first.
    static let length = 32
    /// More than one lie there only while they are being changed.
    static let mostKept = 16
    /// The variables that hold one, the newest first.
    static let names = ["SECRET_KEY", "SECRET_KEY_PREVIOUS"]

    /// - Throws: `RevisionKeyError` when the file cannot be read, written or believed.
    static func load(folder: String, environment: [String: String]) throws(RevisionKeyError) -> SealedText {
        let given = names.map { environment[$0] ?? "" }
        if !given[0].isEmpty {
            let earlier = given[1].isEmpty ? [] : [Array(given[1].utf8)]
            return SealedText(secret: Array(given[0].utf8), earlier: earlier)
        }
        let path = path(in: folder)
        var keys = try kept(at: path)
        if keys.isEmpty {
            keys = [RevisionKey.random()]
            try keep(keys, at: path)
        }
        return SealedText(secret: keys[0], earlier: Array(keys.dropFirst()))
    }

    static func path(in folder: String) -> String { folder + "/secret.key" }

    /// Keys in the file, the newest first; none if there is no file, or nothing in it.
    static func kept(at path: String) throws(RevisionKeyError) -> [[UInt8]] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw RevisionKeyError(path, String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: length * mostKept + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw RevisionKeyError(path, String(cString: strerror(errno))) }
        guard count < bytes.count, count % length == 0 else {
            throw RevisionKeyError(path, "has \(count) bytes; a key has \(length)")
        }
        return stride(from: 0, to: count, by: length).map { Array(bytes[$0..<$0 + length]) }
    }

    /// Writes the file anew, so that at any moment it is as before or as it is to be.
    static func keep(_ keys: [[UInt8]], at path: String) throws(RevisionKeyError) {
        let beside = path + ".new"
        unlink(beside)
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw RevisionKeyError(beside, String(cString: strerror(errno))) }
        let bytes = keys.flatMap(\.self)
        let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        let reason = isWritten ? "" : String(cString: strerror(errno))
        close(descriptor)
        guard isWritten else { throw RevisionKeyError(beside, reason) }
        guard rename(beside, path) == 0 else {
            throw RevisionKeyError(path, String(cString: strerror(errno)))
        }
        try syncFolder(of: path)
    }

    /// Only then is it there after a loss of power.
    private static func syncFolder(of path: String) throws(RevisionKeyError) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RevisionKeyError(folder, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw RevisionKeyError(folder, String(cString: strerror(errno)))
        }
    }
}
