/// What the newest runs that count found, oldest first, as far as a window needs to know it.
///
/// Of the passes before the oldest run that was none, one is kept: more of them judge no differently, so that
/// a pass after nothing but passes changes nothing that is stored.
package struct RecentRuns: Sendable, Equatable {
    private enum Finding: Character {
        case pass = "P"
        case warn = "W"
        case fail = "F"
    }

    private var findings: [Finding] = []

    package init() {}

    /// What the store gave back; nothing if it is not what `text` says.
    package init?(_ text: String) {
        guard text.utf8.count <= Thresholds.Window.largest else { return nil }
        for letter in text {
            guard let finding = Finding(rawValue: letter) else { return nil }
            findings.append(finding)
        }
    }

    /// One letter a run: `P`, `W` or `F`.
    package var text: String { String(findings.map(\.rawValue)) }

    package var isEmpty: Bool { findings.isEmpty }

    /// Whether there is nothing but passes, at least one of them.
    var isClean: Bool { findings == [.pass] }

    var hasPass: Bool { findings.contains(.pass) }

    var fails: Int { findings.count { $0 == .fail } }

    var nonPasses: Int { findings.count { $0 != .pass } }

    /// Takes in a run; what is older than the newest `size` is forgotten.
    mutating func add(_ outcome: Outcome, size: Int) {
        switch outcome {
        case .pass: findings.append(.pass)
        case .warn: findings.append(.warn)
        case .fail: findings.append(.fail)
        case .inconclusive: return
        }
        findings.removeFirst(max(0, findings.count - size))
        let passes = findings.prefix { $0 == .pass }.count
        findings.removeFirst(max(0, passes - 1))
    }
}
