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
        /// A value in something that is kept in the store; `path` as in `checks[1].interval`.
        case stored(path: String)
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
        case .stored(let path):
            path.isEmpty ? message : "\(path): \(message)"
        }
    }

    /// Flags first, then the environment, then the files from top to bottom, then the store.
    static func isInOrder(_ left: ConfigurationProblem, _ right: ConfigurationProblem) -> Bool {
        left.order < right.order
    }

    private var order: (Int, TextPosition) {
        let none = TextPosition(line: 0, column: 0)
        return switch place {
        case .flag: (0, none)
        case .environment: (1, none)
        case .file: (2, none)
        case .value(_, let position, _): (3, position)
        case .stored: (4, none)
        }
    }
}
