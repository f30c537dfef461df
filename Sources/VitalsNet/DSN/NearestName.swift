/// Finds what a mistyped name was meant to be.
enum NearestName {
    /// The candidate fewest edits away from `name`, regardless of case; nothing when even that one
    /// differs in more than a third of its letters, because a wrong hint is worse than none.
    static func of(_ name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let ranked = candidates.map { (name: $0, edits: edits(from: name.lowercased(), to: $0.lowercased())) }
        guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(2, best.name.utf8.count / 3) ? best.name : nil
    }

    /// The distance of Levenshtein: insertions, deletions and replacements of one letter.
    private static func edits(from source: String, to target: String) -> Int {
        let target = Array(target)
        var row = Array(0...target.count)
        for (line, letter) in source.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in target.indices {
                let replaced = diagonal + (letter == target[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[target.count]
    }
}
