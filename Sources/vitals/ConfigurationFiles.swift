import Glibc
import VitalsEngine

/// The file, or the folder of files, that a configuration is written in.
struct ConfigurationFiles: Sendable {
    /// Nothing: there is none, and the server watches itself.
    let path: String?
    /// Files in which variables stand.
    var secrets: [String] = []

    /// As they are now; of a folder those whose names end in `.yaml` or `.yml`, in the order of their names.
    func read() throws(ConfigurationError) -> [ConfigurationFile] {
        guard let path else { return [] }
        let names = try Self.names(path)
        guard !names.isEmpty else {
            throw ConfigurationError([
                ConfigurationProblem(.file(path), "holds no file whose name ends in .yaml or .yml")
            ])
        }
        var files: [ConfigurationFile] = []
        for name in names {
            let bytes: [UInt8]
            do throws(TextFileError) {
                bytes = try TextFile.read(name)
            } catch {
                throw ConfigurationError([ConfigurationProblem(.file(name), error.reason)])
            }
            files.append(try ConfigurationFile(name: name, bytes: bytes))
        }
        return files
    }

    /// Another text once a file is another, by whatever way: written, replaced, or a link on the way to it
    /// turned elsewhere, as Kubernetes does with the folders of its configuration maps.
    func fingerprint() -> String {
        let names = path.map { [$0] + ((try? Self.names($0)) ?? []) } ?? []
        return (names + secrets).map { name in
            var status = stat()
            guard stat(name, &status) == 0 else { return "\(name) ?" }
            let changed = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
            return "\(name) \(status.st_dev) \(status.st_ino) \(status.st_size) \(changed)"
        }
        .joined(separator: "\n")
    }

    private static func names(_ path: String) throws(ConfigurationError) -> [String] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return [path] }
        guard let folder = opendir(path) else {
            let reason = "cannot be read: \(String(cString: strerror(errno)))"
            throw ConfigurationError([ConfigurationProblem(.file(path), reason)])
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            let isText = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
            if isText, !name.hasPrefix(".") { names.append("\(path)/\(name)") }
        }
        return names.sorted()
    }
}
