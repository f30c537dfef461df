/// Finds the word that was meant.
enum Spelling {
    private static let longest = 40

    /// The one of `words` that is written most like `word`, whatever the case; nothing if none is much like
    /// it.
    static func nearest(to word: String, among words: [String]) -> String? {
        let sought = Array(word.lowercased().utf8)
        guard !sought.isEmpty, sought.count <= longest else { return nil }
        let distances = words.map { ($0, distance(sought, Array($0.lowercased().utf8))) }
        guard let nearest = distances.min(by: { $0.1 < $1.1 }), nearest.1 <= max(1, sought.count / 3) else {
            return nil
        }
        return nearest.0
    }

    /// Letters to add, drop, change or swap with their neighbour; one if either word begins the other.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let isBeginning = right.starts(with: left) || left.starts(with: right)
        if min(left.count, right.count) > 2, isBeginning { return left.count == right.count ? 0 : 1 }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
