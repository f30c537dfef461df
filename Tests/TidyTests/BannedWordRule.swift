import Glibc

/// Words that have no place in a part of the code, each with what to write instead.
struct BannedWordRule: Rule {
    struct Ban: Sendable {
        /// Found as it stands; where it begins or ends in a letter, at a word's boundary.
        let word: String
        let instead: String
        let applies: @Sendable (SourceFile) -> Bool
        /// Code that makes the word harmless when it stands on the same line.
        var unless: String?
    }

    let name = "words"

    static let everywhere: @Sendable (SourceFile) -> Bool = { _ in true }
    static let inSources: @Sendable (SourceFile) -> Bool = { !$0.isTest }
    static let inTests: @Sendable (SourceFile) -> Bool = { $0.isTest }
    static let inCore: @Sendable (SourceFile) -> Bool = { $0.target == "VitalsCore" }
    static let outsideShells: @Sendable (SourceFile) -> Bool = {
        !$0.isTest && !["VitalsEngine", "VitalsTesting", "vitals"].contains($0.target)
    }
    static let outsideExecutable: @Sendable (SourceFile) -> Bool = { $0.target != "vitals" }

    static let bans: [Ban] = [
        Ban(word: "async", instead: "the core decides; a shell awaits", applies: inCore),
        Ban(word: "await", instead: "the core decides; a shell awaits", applies: inCore),
        Ban(word: "Task", instead: "return an effect and let a shell perform it", applies: inCore),
        Ban(word: "Mutex", instead: "a value that its owner keeps", applies: inCore),
        Ban(word: ".now", instead: "a parameter `at now: Timestamp`", applies: inCore),
        Ban(word: "random(", instead: "a parameter `using:`", applies: inCore, unless: "using:"),
        Ban(word: "Date()", instead: "the injected clock", applies: everywhere),
        Ban(word: "Task.detached", instead: "a task group or a service", applies: everywhere),
        Ban(word: "Task {", instead: "a task group or a service of the engine", applies: outsideShells),
        Ban(word: "@unchecked Sendable", instead: "a final class around a Mutex", applies: everywhere),
        Ban(word: "DispatchQueue", instead: "the event loop or a task", applies: everywhere),
        Ban(word: "try!", instead: "`try`, in a function that throws", applies: everywhere),
        Ban(word: "as!", instead: "`as?` and a guard", applies: everywhere),
        Ban(
            word: "fatalError(", instead: "`precondition` for our mistakes, a value for theirs",
            applies: everywhere),
        Ban(word: "public", instead: "`package`: this is a program, not a library", applies: everywhere),
        Ban(word: "print(", instead: "the logger", applies: outsideExecutable),
        Ban(word: "sleep(", instead: "`eventually`, which waits for a condition", applies: inTests),
        Ban(word: "usleep(", instead: "`eventually`, which waits for a condition", applies: inTests),
        Ban(word: "XCTAssert", instead: "`#expect`", applies: inTests),
    ]

    /// Words that a comment may not hold.
    static let unfinished = ["TODO", "FIXME", "XXX", "HACK"]

    func findings(in file: SourceFile) -> [(line: Int, message: String)] {
        let bans = Self.bans.filter { $0.applies(file) && file.mentions($0.word) }
        let inCode = file.code.enumerated().flatMap { index, line in
            bans.filter { line.holds(word: $0.word) && !($0.unless.map(line.contains) ?? false) }
                .map { (index + 1, "`\($0.word)` has no place here; write \($0.instead)") }
        }
        let unfinished = Self.unfinished.filter(file.mentions)
        let inComments = file.comments.enumerated().flatMap { index, line in
            unfinished.filter { line.holds(word: $0) }
                .map { (index + 1, "`\($0)`: finish it, or write it down as an issue") }
        }
        return inCode + inComments
    }
}

extension String {
    /// Whether `word` stands here, not as a part of a longer word.
    func holds(word: String) -> Bool {
        guard mentions(word) else { return false }
        return ranges(of: word).contains { range in
            let opensWithLetter = word.first?.isPartOfName ?? false
            let closesWithLetter = word.last?.isPartOfName ?? false
            let before = range.lowerBound > startIndex ? self[index(before: range.lowerBound)] : " "
            let after = range.upperBound < endIndex ? self[range.upperBound] : " "
            return !(opensWithLetter && before.isPartOfName) && !(closesWithLetter && after.isPartOfName)
        }
    }
}

extension StringProtocol {
    /// Whether these bytes stand here; a quick look before a careful one.
    func mentions(_ word: String) -> Bool {
        withCString { text in word.withCString { strstr(text, $0) != nil } }
    }
}

extension Character {
    var isPartOfName: Bool { isLetter || isNumber || self == "_" }
}
