import Glibc
import VitalsEngine

/// Variables whose values are in files, as containers are given their secrets: where `NAME` is not set and
/// `NAME_FILE` is, the variable is what stands in that file, without the line break at its end.
struct SecretFiles: Sendable {
    private let environment: [String: String]
    private static let maximumSize = 65_536
    private static let suffix = "_FILE"

    /// - Parameter environment: of the process.
    init(_ environment: [String: String] = Environment.variables()) {
        self.environment = environment
    }

    /// The environment, with those of `names` that are in files. These are read anew each time.
    ///
    /// - Throws: what is wrong with each file that cannot be read.
    func variables(_ names: [String]) throws(ConfigurationError) -> [String: String] {
        var variables = environment
        var problems: [ConfigurationProblem] = []
        for name in Set(names).sorted() {
            guard let path = path(of: name) else { continue }
            do throws(TextFileError) {
                let bytes = try TextFile.read(path, upTo: Self.maximumSize)
                if let text = Self.text(bytes) {
                    variables[name] = text
                } else {
                    let message = "\(path) holds no text in UTF-8 of at most \(Self.maximumSize / 1_024) KiB"
                    problems.append(ConfigurationProblem(.environment(name + Self.suffix), message))
                }
            } catch {
                problems.append(ConfigurationProblem(.environment(name + Self.suffix), "\(error)"))
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        return variables
    }

    /// Every file that a variable may stand in.
    var paths: [String] {
        environment.keys.filter { $0.hasSuffix(Self.suffix) }.sorted()
            .compactMap { path(of: String($0.dropLast(Self.suffix.count))) }
    }

    private func path(of name: String) -> String? {
        guard environment[name] ?? "" == "", let path = environment[name + Self.suffix], !path.isEmpty
        else { return nil }
        return path
    }

    private static func text(_ bytes: [UInt8]) -> String? {
        guard bytes.count <= maximumSize, !bytes.contains(0),
            var text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        // The two are one character where both are there.
        if text.last == "\n" || text.last == "\r\n" { text.removeLast() }
        return text
    }
}
