import NIOCore

/// Takes lines off what a server of a protocol made of lines sends: they end in LF, or in CR and LF.
struct LineReader {
    private var count = 0

    /// Longer ones than any of these protocols has, and more than any server greets with.
    private static let longest = 4_096
    private static let most = 200

    /// - Returns: nothing while no line is complete.
    mutating func next(from input: inout ByteBuffer) throws(LineError) -> String? {
        let bytes = input.readableBytesView.prefix(Self.longest + 1)
        guard let end = bytes.firstIndex(of: 0x0A) else {
            guard bytes.count <= Self.longest else { throw .tooLong }
            return nil
        }
        count += 1
        guard count <= Self.most else { throw .tooMany }
        let line = bytes[..<end]
        input.moveReaderIndex(forwardBy: line.count + 1)
        return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
    }
}

/// Why no more lines are read.
enum LineError: Error, Equatable {
    case tooLong, tooMany

    var message: String {
        switch self {
        case .tooLong: "sent a line without an end"
        case .tooMany: "sent lines without an end"
        }
    }
}
