/// What `pat(...)` compares a text with: `*` is any run of characters, also none; everything else is itself.
/// Each byte of the text is looked at a bounded number of times.
struct Glob: Sendable, Equatable {
    /// The texts between the stars.
    private let pieces: [Piece]

    private struct Piece: Sendable, Equatable {
        let bytes: [UInt8]
        /// For each byte how many before it, and it itself, the piece begins with (Knuth, Morris and Pratt).
        let borders: [Int]

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            var borders = [Int](repeating: 0, count: bytes.count)
            var length = 0
            for index in bytes.indices.dropFirst() {
                while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
                if bytes[index] == bytes[length] { length += 1 }
                borders[index] = length
            }
            self.borders = borders
        }

        /// Where it ends where it first stands.
        func firstEnd(in text: ArraySlice<UInt8>) -> Int? {
            guard !bytes.isEmpty else { return text.startIndex }
            var length = 0
            for index in text.indices {
                while length > 0, text[index] != bytes[length] { length = borders[length - 1] }
                if text[index] == bytes[length] { length += 1 }
                if length == bytes.count { return index + 1 }
            }
            return nil
        }
    }

    /// `\*` is a star and `\\` a backslash; before anything else a backslash is one.
    init(_ text: String) {
        var pieces: [[UInt8]] = [[]]
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch (byte, rest.first) {
            case (UInt8(ascii: "*"), _): pieces.append([])
            case (UInt8(ascii: "\\"), let next?) where next == UInt8(ascii: "*") || next == byte:
                pieces[pieces.count - 1].append(next)
                rest.removeFirst()
            default: pieces[pieces.count - 1].append(byte)
            }
        }
        self.pieces = pieces.map(Piece.init)
    }

    /// Whether whatever followed a text that matches would match, too.
    var isOpenEnded: Bool { pieces.count > 1 && pieces.last?.bytes.isEmpty ?? false }

    func matches(_ text: [UInt8]) -> Bool {
        let first = pieces[0].bytes
        let last = pieces[pieces.count - 1].bytes
        guard pieces.count > 1 else { return text == first }
        guard text.count >= first.count + last.count, text.starts(with: first),
            text.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = text[first.count..<text.count - last.count]
        for piece in pieces[1..<pieces.count - 1] {
            guard let end = piece.firstEnd(in: rest) else { return false }
            rest = rest[end...]
        }
        return true
    }
}
