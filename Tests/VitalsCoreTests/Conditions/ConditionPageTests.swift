import Foundation
import Testing

@testable import VitalsCore

@Suite("The page about conditions")
struct ConditionPageTests {
    /// The rows of its tables that begin with a condition, what is seen and what becomes of it.
    private static let rows: [[String]] = {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/conditions.md").standardized
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { line in
            line.split(separator: " | ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "|` ")) }
        }.filter { $0.count >= 3 && ["holds", "fails", "error"].contains($0[2]) }
    }()

    @Test("says of every example what becomes of it", arguments: rows)
    func example(row: [String]) throws {
        let result = try Condition(parsing: row[0]).evaluate(on: Self.observation(row[1]))
        #expect(result.verdict.name == row[2], "\(result.message)")
    }

    @Test("has examples, and names everything that can be asked for and every function")
    func complete() throws {
        #expect(Self.rows.count > 40)
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/conditions.md").standardized
        let text = try String(contentsOf: path, encoding: .utf8)
        for name in Subject.Name.allCases { #expect(text.contains("`[\(name.rawValue)]")) }
        for phase in Phase.allCases { #expect(text.contains("`\(phase.rawValue)`")) }
        for sign in Comparison.allCases { #expect(text.contains("`\(sign.rawValue)`")) }
    }

    /// What the second column says was seen.
    private static func observation(_ text: String) -> Observation {
        let words = text.split(separator: " ").map(String.init)
        switch words[0] {
        case "status:": return .status(Int(words[1]) ?? 0)
        case "latency:": return .latency(Duration(written: words[1]) ?? .zero)
        case "certificate:": return .certificate(Duration(written: words[1]))
        case "header:": return .headers((words[1], words[2]))
        case "phase:":
            let timing = PhaseTiming(Phase(rawValue: words[1]) ?? .body, Duration(written: words[2]) ?? .zero)
            return Observation(phases: [timing])
        case "rows:": return .rows([words[1]], [[.number(words[2])]])
        case "no": return .nothing
        default: return .body(text)
        }
    }
}
