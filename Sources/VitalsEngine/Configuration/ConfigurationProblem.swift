/// One thing that is wrong, or doubtful, in a configuration: where, what was found, what was meant.
///
/// Neither its place nor its message ever holds what a `${NAME}` stands for, nor `API_TOKEN`.
package struct ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    package enum Place: Sendable, Equatable {
        /// A flag, as on the command line: `--listen`.
        case flag(String)
        /// An environment variable, by its name.
        case environment(String)
        /// A file as a whole.
        case file(String)
        /// A value or a key in a file; `path` as in `systems[0].checks[1].interval`, empty for the outermost.
        case value(file: String, at: TextPosition, path: String)
    }

    package let place: Place
    package let message: String

    package init(_ place: Place, _ message: String) {
        self.place = place
        self.message = message
    }

    /// `vitals.yaml:12:15: systems[0].checks[0].interval: "10" has no unit; ...`
    package var description: String {
        switch place {
        case .flag(let name), .environment(let name), .file(let name):
            "\(name): \(message)"
        case .value(let file, let position, let path):
            "\(file):\(position.line):\(position.column): \(path.isEmpty ? "" : path + ": ")\(message)"
        }
    }

    /// Flags first, then the environment, then the file from top to bottom.
    static func isInOrder(_ left: ConfigurationProblem, _ right: ConfigurationProblem) -> Bool {
        left.order < right.order
    }

    private var order: (Int, Int, Int) {
        switch place {
        case .flag: (0, 0, 0)
        case .environment: (1, 0, 0)
        case .file: (2, 0, 0)
        case .value(_, let position, _): (3, position.line, position.column)
        }
    }
}
