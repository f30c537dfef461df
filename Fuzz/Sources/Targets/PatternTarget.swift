@testable import VitalsCore

extension FuzzTarget {
    /// A regular expression, a line feed, and the text that it is tried on.
    static let regex = FuzzTarget(name: "regex", feed: PatternTarget.feed)
}

private enum PatternTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let written = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let text = Array(bytes.dropFirst(written.count + 1))
        let pattern: Pattern
        do {
            pattern = try Pattern(parsing: String(decoding: written, as: UTF8.self))
        } catch {
            try promise(!error.message.isEmpty, "refused without a reason")
            return try promise((1...written.count + 1).contains(error.column), "column \(error.column)")
        }
        do {
            let found = try pattern.firstMatch(in: text)
            try promise(try pattern.matches(text) == (found != nil), "matches, and finds nothing")
            if let found { try promise((0...text.count).contains(found.upperBound), "\(found)") }
        } catch let error as BrokenPromise {
            throw error
        } catch is PatternOverrun {
            // Only what is long takes long.
            try promise(text.count > 50, "gives up on \(text.count) bytes")
        } catch {
            throw BrokenPromise(description: "\(error)")
        }
        // Half of a character is another character.
        guard !pattern.looksAhead, text.allSatisfy({ $0 < 0x80 }) else { return }
        for cut in [text.count / 2, text.count / 3] {
            let beginning = Array(text[..<cut])
            guard (try? pattern.matches(beginning)) == true, let whole = try? pattern.matches(text) else {
                continue
            }
            try promise(whole, "matches the beginning, and not the whole")
        }
    }
}
