import Glibc
import VitalsEngine

/// The files that Gatus reads as one: one file, or all that a folder holds, at any depth.
enum GatusFiles {
    private static let deepest = 16
    private static let most = 1_000

    static func read(_ path: String) throws(ConfigurationError) -> [ConfigurationFile] {
        var names: [String] = []
        try gather(path, into: &names, depth: 0)
        guard !names.isEmpty else {
            throw problem(path, "holds no file whose name ends in .yaml or .yml")
        }
        var files: [ConfigurationFile] = []
        var size = 0
        for name in names {
            let bytes: [UInt8]
            do throws(TextFileError) {
                bytes = try TextFile.read(name)
            } catch {
                throw problem(name, error.reason)
            }
            size += bytes.count
            guard size <= 8 * ConfigurationFile.maximumSize else {
                throw problem(path, "holds more than 80 MiB of configuration")
            }
            files.append(try ConfigurationFile(name: name, bytes: bytes))
        }
        return files
    }

    /// In the order of their names, folder by folder. Kubernetes keeps the files of its configuration maps in
    /// hidden folders beside links to them: what begins with a dot is not read a second time.
    private static func gather(
        _ path: String, into names: inout [String], depth: Int
    ) throws(ConfigurationError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw problem(path, reason()) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            let isNamed = depth == 0 || path.hasSuffix(".yaml") || path.hasSuffix(".yml")
            if isNamed { names.append(path) }
            guard names.count <= most else { throw problem(path, "is one of more than \(most) files") }
            return
        }
        guard depth < deepest else { throw problem(path, "is nested deeper than \(deepest) folders") }
        guard let folder = opendir(path) else { throw problem(path, reason()) }
        defer { closedir(folder) }
        var entries: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { entries.append("\(path)/\(name)") }
        }
        for entry in entries.sorted() { try gather(entry, into: &names, depth: depth + 1) }
    }

    private static func reason() -> String { "cannot be read: \(String(cString: strerror(errno)))" }

    private static func problem(_ path: String, _ message: String) -> ConfigurationError {
        ConfigurationError([ConfigurationProblem(.file(path), message)])
    }
}
