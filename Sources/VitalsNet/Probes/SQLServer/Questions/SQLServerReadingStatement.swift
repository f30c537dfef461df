/// Whether a statement of a check's author may be put to a SQL Server.
///
/// There are no transactions there that can only read, and one statement needs nothing between it and the
/// next: `SELECT 1 DELETE FROM t` is two. So nothing is let through that holds, outside of quotes and
/// comments, a word that only a statement which does more than read has. Nearly all of these are reserved,
/// and so are never the name of anything that is not quoted. What remains is the login's own rights: a
/// function that it may call in another server, or a file that it may open.
enum SQLServerReadingStatement {
    private static let first = ["SELECT", "WITH"]

    /// The last ones are not reserved, but begin statements.
    private static let refused: Set<String> = [
        "ADD", "ALTER", "BACKUP", "BEGIN", "BULK", "CHECKPOINT", "CLOSE", "COMMIT", "CREATE", "DBCC",
        "DEALLOCATE", "DECLARE", "DELETE", "DENY", "DROP", "DUMP", "EXEC", "EXECUTE", "GOTO", "GRANT", "IF",
        "INSERT", "INTO", "KILL", "LOAD", "MERGE", "OPEN", "OPENDATASOURCE", "OPENQUERY", "OPENROWSET",
        "PRINT", "RAISERROR", "READTEXT", "RECONFIGURE", "RESTORE", "RETURN", "REVERT", "REVOKE", "ROLLBACK",
        "SAVE", "SET", "SETUSER", "SHUTDOWN", "TRIGGER", "TRUNCATE", "UPDATE", "UPDATETEXT", "USE", "WAITFOR",
        "WHILE", "WRITETEXT", "CONVERSATION", "RECEIVE",
    ]

    /// Why not, to be put after what the statement is; nothing: it may.
    static func refusal(of statement: String) -> String? {
        guard let words = words(of: trimmed(statement)) else {
            return "holds a quote, a bracket or a comment that does not end; close it"
        }
        guard !words.contains("--") else {
            return "holds a comment to the end of a line (`--`); write it as /* */, or leave it out"
        }
        guard !words.contains(";") else { return "holds more than one statement (`;`); write one" }
        let beginning = words.first ?? ""
        guard first.contains(beginning) else {
            let found = beginning.isEmpty ? "begins with no word" : "begins with \(beginning.prefix(24))"
            return "\(found); only what begins with SELECT or WITH is put to a SQL Server"
        }
        if let word = words.lazy.compactMap(refusedWord).first {
            return "holds the word \(word), which a statement that only reads does not need; leave it out, "
                + "or quote it if it is a name ([\(word)])"
        }
        for (word, next) in zip(words, words.dropFirst()) where word == "NEXT" && next == "VALUE" {
            return "takes a number of a sequence (NEXT VALUE FOR), which is gone then; leave it out"
        }
        return nil
    }

    /// A number may stand before a word with nothing in between: `SELECT 1DELETE FROM t`.
    private static func refusedWord(in word: String) -> String? {
        guard let start = word.unicodeScalars.first, start == "$" || start.properties.numericType != nil
        else {
            return refused.contains(word) ? word : nil
        }
        return refused.first { word.contains($0) }
    }

    /// Without blanks around it, and semicolons behind it.
    static func trimmed(_ statement: String) -> String {
        var text = statement.unicodeScalars.drop(while: \.properties.isWhitespace)
        while let last = text.last, last.properties.isWhitespace || last == ";" { text.removeLast() }
        return String(text)
    }

    /// The words outside of quotes and comments, in capitals, and what else matters between them.
    ///
    /// - Returns: nothing where a quote or a comment does not end.
    private static func words(of statement: String) -> [String]? {
        var rest = Array(statement.unicodeScalars)[...]
        var words: [String] = []
        while let scalar = rest.first {
            if isOfWord(scalar) {
                let word = rest.prefix(while: isOfWord)
                rest = rest[word.endIndex...]
                words.append(String(String.UnicodeScalarView(word)).uppercased())
            } else if let end = quotes[scalar] {
                guard let after = endOfQuote(rest.dropFirst(), end) else { return nil }
                rest = after
            } else if rest.starts(with: ["/", "*"]) {
                guard let after = endOfComment(rest) else { return nil }
                rest = after
            } else {
                if scalar == ";" { words.append(";") }
                // Where such a line ends is not said anywhere as plainly as it would have to be.
                if rest.starts(with: ["-", "-"]) { words.append("--") }
                rest = rest.dropFirst()
            }
        }
        return words
    }

    private static let quotes: [Unicode.Scalar: Unicode.Scalar] = ["'": "'", "\"": "\"", "[": "]"]

    /// A doubled sign does not end it.
    private static func endOfQuote(
        _ text: ArraySlice<Unicode.Scalar>, _ end: Unicode.Scalar
    ) -> ArraySlice<Unicode.Scalar>? {
        var rest = text
        while let index = rest.firstIndex(of: end) {
            rest = rest[(index + 1)...]
            guard rest.first == end else { return rest }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// Comments stand within each other here.
    private static func endOfComment(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar>? {
        var rest = text.dropFirst(2)
        var depth = 1
        while depth > 0 {
            guard !rest.isEmpty else { return nil }
            if rest.starts(with: ["/", "*"]) {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.starts(with: ["*", "/"]) {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
            }
        }
        return rest
    }

    /// Letters, digits, and what else a name may have that is not quoted.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "_@#$".unicodeScalars.contains(scalar)
    }
}
