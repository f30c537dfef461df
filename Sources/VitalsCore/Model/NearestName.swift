/// Finds the name that was meant.
package enum NearestName {
    private static let maximumLength = 64

    /// The one among `names` that is written most like `name`; nothing if none is much like it.
    package static func to(_ name: String, among names: [String]) -> String? {
        let sought = folded(name)
        guard !sought.isEmpty, sought.count <= maximumLength else { return nil }
        var nearest: (name: String, distance: Int)?
        for candidate in names {
            let folded = folded(candidate)
            // `fail` and `failures` are both near to `failure`.
            let isBeginning =
                min(sought.count, folded.count) > 2
                && (folded.starts(with: sought) || sought.starts(with: folded))
            let distance = isBeginning && sought != folded ? 1 : distance(sought, folded)
            if distance < nearest?.distance ?? .max {
                nearest = (candidate, distance)
            }
        }
        guard let nearest, nearest.distance <= max(1, sought.count / 3) else { return nil }
        return nearest.name
    }

    /// `confirmEvery` and `confirm-every` are `confirm_every`.
    private static func folded(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// Letters to add, drop, change or swap with their neighbour (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard right.count <= maximumLength else { return .max }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
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
