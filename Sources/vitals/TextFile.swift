import Glibc
import VitalsEngine

/// A file that is read as a whole.
enum TextFile {
    /// Its bytes; of one that is too large, as many as show that.
    static func read(
        _ path: String, upTo limit: Int = ConfigurationFile.maximumSize
    ) throws(TextFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TextFileError(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw TextFileError(path) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }
}

struct TextFileError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(path): \(reason)" }

    /// The reason is that of the system call before.
    init(_ path: String) {
        self.path = path
        reason = "cannot be read: \(String(cString: strerror(errno)))"
    }
}

/// What the process was given by whoever started it.
enum Environment {
    static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}
