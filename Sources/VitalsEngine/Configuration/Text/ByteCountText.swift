/// Sizes as people write them: `500MB`, `5GB`, `1TB`, in powers of ten.
enum ByteCountText {
    private static let units: [(name: String, bytes: Int64)] = [
        ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ]

    static func parse(_ given: Given, in range: ClosedRange<Int64>) throws(Complaint) -> Int64 {
        let digits = given.text.prefix { ("0"..."9").contains($0) }
        let unit = units.first { $0.name == given.text.dropFirst(digits.count) }
        guard let unit, digits.utf8.count <= 6, let number = Int64(digits) else {
            throw Complaint(
                "\(given.quoted) is not a size; write a whole number and a unit, as in 500MB or 5GB")
        }
        let bytes = number * unit.bytes
        guard range.contains(bytes) else {
            let bounds = "from \(shown(range.lowerBound)) to \(shown(range.upperBound))"
            throw Complaint("\(given.quoted) is out of range; write a size \(bounds)")
        }
        return bytes
    }

    private static func shown(_ bytes: Int64) -> String {
        guard let unit = units.last(where: { bytes % $0.bytes == 0 }) else { return "\(bytes) bytes" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
