import Glibc
import VitalsCore
import VitalsEngine

/// A program to run, with all that it is given.
struct Command: Sendable, Equatable {
    /// The program's whole path, and its arguments.
    let words: [String]
    /// All of it: nothing else of ours is inherited.
    let environment: [Variable]
    let directory: String
    /// What variables of the configuration stand for in it.
    let secrets: [Secret]
    /// Without those.
    let shown: String

    struct Variable: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// Passed on from our own environment.
    static let inherited = ["PATH", "LANG", "TZ", "HOME"]
    private static let mostBytes = 100_000

    /// - Parameters:
    ///   - command: one text to be split, or the words themselves.
    ///   - environment: beside what is inherited, or instead of it.
    ///   - own: our own environment.
    init(
        _ command: [TargetText], environment: [Settings.Pair], directory: String,
        own: (String) -> String?
    ) throws(TargetError) {
        let words = command.count == 1 ? try CommandText.words(of: command[0]) : command
        guard let program = words.first, !program.text.isEmpty else { throw TargetError("no program to run") }
        guard program.text.hasPrefix("/") else {
            throw TargetError("write the whole path of the program: it is not looked for")
        }
        guard directory.hasPrefix("/") else {
            throw TargetError("must be a whole path", field: "directory")
        }
        let texts = words.map(\.text) + environment.flatMap { [$0.name, $0.value.text] } + [directory]
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { throw TargetError("holds a zero byte") }
        guard texts.reduce(0, { $0 + $1.utf8.count }) <= Self.mostBytes else {
            throw TargetError("is longer than \(Self.mostBytes) bytes")
        }
        self.words = words.map(\.text)
        self.directory = directory
        self.environment = try Self.variables(environment, own: own)
        secrets = (words + environment.map(\.value)).flatMap(Self.values)
        shown = CommandText.shown(words.map(Self.masked))
    }

    private static func variables(
        _ written: [Settings.Pair], own: (String) -> String?
    ) throws(TargetError) -> [Variable] {
        var variables: [Variable] = []
        for pair in written {
            let isName = pair.name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
                    || (0x41...0x5A).contains(byte & 0xDF)
            }
            guard isName, let first = pair.name.utf8.first, !(0x30...0x39).contains(first) else {
                throw TargetError("names are letters, digits and _", field: "environment")
            }
            variables.append(Variable(name: pair.name, value: pair.value.text))
        }
        let names = Set(variables.map(\.name))
        let rest = inherited.filter { !names.contains($0) }.compactMap { name in
            own(name).map { Variable(name: name, value: $0) }
        }
        return rest + variables
    }

    /// What variables stand for in a text.
    private static func values(_ text: TargetText) -> [Secret] {
        let bytes = Array(text.text.utf8)
        return text.variables.map { Secret(String(decoding: bytes[$0], as: UTF8.self)) }
    }

    private static func masked(_ text: TargetText) -> String {
        let bytes = Array(text.text.utf8)
        var result = ""
        var from = 0
        for range in text.variables {
            result += String(decoding: bytes[from..<range.lowerBound], as: UTF8.self) + "•••"
            from = range.upperBound
        }
        return result + String(decoding: bytes[from...], as: UTF8.self)
    }

    /// Everything that makes it another command when it changes, each part with its length.
    var identity: String {
        let parts =
            words + ["\(environment.count)", directory] + environment.flatMap { [$0.name, $0.value] }
        return "exec " + parts.map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
    }
}
