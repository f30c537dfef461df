import VitalsCore
import VitalsEngine

@testable import VitalsNet

extension FuzzTarget {
    /// A byte that chooses: what a plugin printed, a range of values, or a command as written.
    static let plugin = FuzzTarget(name: "plugin", feed: PluginTarget.feed)
}

private enum PluginTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let first = bytes.first else { return }
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        switch first % 3 {
        case 0: try output(text)
        case 1: try range(text)
        default: try command(text)
        }
    }

    private static func output(_ text: String) throws(BrokenPromise) {
        let output = PluginOutput(text)
        try promise(!output.message.contains { $0.isNewline }, "a message of two lines")
        try promise(output.vitals.count <= 64, "\(output.vitals.count) vitals")
        try promise(Set(output.vitals.map(\.name)).count == output.vitals.count, "a name twice")
        for vital in output.vitals {
            try promise(vital.value?.isFinite ?? (vital.reason != nil), "no value, and no reason")
            try promise((1...256).contains(vital.name.utf8.count), "a strange name")
            for range in [vital.warn, vital.critical].compactMap(\.self) { try self.range(range) }
        }
    }

    private static func range(_ text: String) throws(BrokenPromise) {
        guard let range = ThresholdRange(text) else { return }
        try promise(ThresholdRange(range.text) == range, "\(range.text) is not read back")
    }

    private static func command(_ text: String) throws(BrokenPromise) {
        guard let words = try? CommandText.words(of: TargetText(text)).map(\.text) else { return }
        let shown = CommandText.shown(words)
        let again = try? CommandText.words(of: TargetText(shown)).map(\.text)
        try promise(again == words, "\(shown) is not read back as \(words)")
        // A variable that is all of it is one word, whatever is in it.
        let whole = TargetText("/x \(text)", variables: [3..<(3 + text.utf8.count)])
        let count = (try? CommandText.words(of: whole))?.count
        try promise(count == (text.isEmpty ? 1 : 2), "a variable was split")
    }
}
