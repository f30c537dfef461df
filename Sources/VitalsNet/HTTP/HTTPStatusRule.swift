import VitalsEngine

/// Which statuses are good: `200-399`, `2xx`, `204`, or any of several such.
struct HTTPStatusRule: Sendable, Equatable {
    private let ranges: [ClosedRange<Int>]

    /// What can be a status (RFC 9110, 15).
    private static let possible = 100...599

    static let usual = HTTPStatusRule([200...399])

    private init(_ ranges: [ClosedRange<Int>]) {
        self.ranges = ranges
    }

    /// - Parameter texts: at least one; `any` is every status.
    init(_ texts: [String]) throws(TargetError) {
        var ranges: [ClosedRange<Int>] = []
        for text in texts {
            guard let range = Self.range(text.lowercased()) else {
                throw TargetError(
                    "“\(Printable.prefix(Printable.text(text), bytes: 40))” is no status; write a code "
                        + "(204), a class (2xx), a range (200-299) or any",
                    field: "status")
            }
            ranges.append(range)
        }
        guard !ranges.isEmpty else {
            throw TargetError("no status would be good; write any for every one", field: "status")
        }
        self.init(ranges)
    }

    func contains(_ status: Int) -> Bool {
        ranges.contains { $0.contains(status) }
    }

    /// For `Probe.identity`: the same for the same rule.
    var text: String {
        ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    private static func range(_ text: String) -> ClosedRange<Int>? {
        if text == "any" { return 100...999 }
        if text.utf8.count == 3, text.hasSuffix("xx"), let first = text.first?.wholeNumberValue,
            (1...5).contains(first)
        {
            return first * 100...first * 100 + 99
        }
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let codes = parts.compactMap { code($0) }
        guard codes.count == parts.count, let first = codes.first, let last = codes.last, first <= last else {
            return nil
        }
        return first...last
    }

    private static func code(_ text: Substring) -> Int? {
        guard text.utf8.count == 3, let code = Int(text), possible.contains(code) else { return nil }
        return code
    }
}
