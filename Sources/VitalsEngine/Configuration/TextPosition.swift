/// A place in one of the texts that make a configuration: line and column, both counted from 1; a column is
/// one Unicode scalar.
package struct TextPosition: Sendable, Hashable, Comparable {
    /// Which of the files, from 0; below 0: none of them.
    package let file: Int
    package let line: Int
    package let column: Int

    package init(file: Int = 0, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// Of what the store keeps, which has no lines.
    static let stored = TextPosition(file: -1, line: 1, column: 1)

    var isStored: Bool { file < 0 }

    package static func < (left: TextPosition, right: TextPosition) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
