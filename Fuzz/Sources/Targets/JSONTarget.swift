@testable import VitalsCore

extension FuzzTarget {
    /// A JSON text. What is read is written again, and that is read as the same; what is refused says where.
    static let json = FuzzTarget(name: "json", feed: JSONTarget.feed)
}

private enum JSONTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let value: JSON
        do {
            value = try JSON(parsing: bytes)
        } catch {
            try promise((0...bytes.count).contains(error.offset), "an error at \(error.offset)")
            try promise(error.line > 0 && error.column > 0, error.message)
            try promise(!error.message.contains { $0.isNewline }, "more than a line: \(error.message)")
            return try promise((try? JSON(parsing: bytes, .strict)) == nil, "only strict readers read it")
        }
        let written = value.bytes
        guard let again = try? JSON(parsing: written, .strict) else {
            throw BrokenPromise(description: "\(value.text) cannot be read")
        }
        try promise(again.bytes == written, "\(value.text) became \(again.text)")
    }
}
