import VitalsCore

/// A condition inside evidence:
///
///     warns 1 bit · verdict 2 (holds, fails, error) · the condition · what was seen
///     of an error: what was the matter
///
/// Each text is cut at a character.
extension ConditionResult {
    private static let longestCondition = 256
    private static let longestSeen = 512
    private static let longestMatter = 256
    /// Lengths and flags.
    private static let margin = 12

    /// As much of it as is kept.
    var cut: ConditionResult {
        var verdict = verdict
        if case .error(let matter) = verdict { verdict = .error(matter.cut(toBytes: Self.longestMatter)) }
        return ConditionResult(
            condition: condition.cut(toBytes: Self.longestCondition), level: level, verdict: verdict,
            seen: seen.cut(toBytes: Self.longestSeen))
    }

    /// Whether there is room for it, which it then takes.
    func takes(from room: inout Int) -> Bool {
        var bytes = Self.margin + condition.utf8.count + seen.utf8.count
        if case .error(let matter) = verdict { bytes += matter.utf8.count }
        guard bytes <= room else { return false }
        room -= bytes
        return true
    }

    func write(to writer: inout BitWriter) {
        writer.write(level == .warn)
        switch verdict {
        case .holds: writer.write(0, bits: 2)
        case .fails: writer.write(1, bits: 2)
        case .error: writer.write(2, bits: 2)
        }
        writer.write(condition)
        writer.write(seen)
        if case .error(let matter) = verdict { writer.write(matter) }
    }

    init(from reader: inout BitReader) throws(UnreadableBytes) {
        let level: ConditionLevel = try reader.readFlag() ? .warn : .fail
        let code = try reader.read(bits: 2)
        let condition = try reader.readText()
        let seen = try reader.readText()
        let verdict: ConditionVerdict
        switch code {
        case 0: verdict = .holds
        case 1: verdict = .fails
        case 2: verdict = .error(try reader.readText())
        default: throw UnreadableBytes()
        }
        self.init(condition: condition, level: level, verdict: verdict, seen: seen)
    }
}
