import VitalsCore

/// What happened of late, and a digest of all that ever happened: two runs of one seed are the same.
struct Trace {
    enum Step: UInt64 {
        case started, ended, missed, committing, applied, notApplied, answerLost, adopted, claimed, sent, told
        case crashed, stopping, stopped, restarted, refusedToStart, stepped, froze, behaves, channelBehaves
        case storeBehaves, networkBehaves, doubted, asked, pruned, stuck, changing, changed, unchanged, pinged
    }

    private struct Entry {
        let boot: Int64
        let step: Step
        let subject: Int
        let value: Int64
    }

    private(set) var digest: UInt64 = 0
    private(set) var count = 0
    private var entries: [Entry] = []

    private static let kept = 30

    init() {
        entries.reserveCapacity(Self.kept)
    }

    /// - Parameters:
    ///   - subject: the place of the health check or channel; -1: of neither.
    ///   - value: an instant, a number or a length, as the step has it.
    mutating func note(_ step: Step, _ subject: Int, _ value: Int64, at boot: Int64) {
        let entry = Entry(boot: boot, step: step, subject: subject, value: value)
        if entries.count < Self.kept { entries.append(entry) } else { entries[count % Self.kept] = entry }
        count += 1
        var sum = (digest ^ step.rawValue) &* 0x9E37_79B9_7F4A_7C15
        sum = (sum ^ UInt64(bitPattern: Int64(subject))) &* 0xFF51_AFD7_ED55_8CCD
        sum = (sum ^ UInt64(bitPattern: value)) &* 0xC4CE_B9FE_1A85_EC53
        digest = sum ^ (sum >> 29) ^ UInt64(bitPattern: boot)
    }

    /// The last steps, one a line, oldest first.
    var lines: [String] {
        let first = count % Self.kept
        let inOrder = count < Self.kept ? entries[...] : entries[first...] + entries[..<first]
        return inOrder.map { "  \(Self.seconds($0.boot)) \($0.step) #\($0.subject) \($0.value)" }
    }

    static func seconds(_ boot: Int64) -> String {
        let fraction = String(boot % 1_000_000 + 1_000_000).dropFirst()
        return "\(boot / 1_000_000).\(fraction) s"
    }
}
