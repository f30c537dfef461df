/// Texts, numbers and yes-or-no as the configuration takes them.
enum PlainText {
    /// - Parameter allowsLines: whether line breaks may stand in it.
    static func parse(
        _ given: Given, lengths: ClosedRange<Int>, allowsLines: Bool = false
    ) throws(Complaint) -> String {
        let length = given.text.unicodeScalars.count
        guard length <= lengths.upperBound else {
            throw Complaint("is too long, with \(length) characters; at most \(lengths.upperBound)")
        }
        guard length >= lengths.lowerBound else {
            throw Complaint("is empty; write something")
        }
        let hasControl = given.text.unicodeScalars.contains { scalar in
            scalar.properties.generalCategory == .control && !(allowsLines && ["\n", "\t"].contains(scalar))
        }
        guard !hasControl else {
            throw Complaint(
                "holds a \(allowsLines ? "control character" : "line break or control character"); "
                    + "leave it out"
            )
        }
        return given.text
    }

    static func integer(_ given: Given, in range: ClosedRange<Int>) throws(Complaint) -> Int {
        let isNumber =
            (1...9).contains(given.text.utf8.count)
            && given.text.utf8.allSatisfy(ASCII.isDigit)
        let meant = "write a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard isNumber, let number = Int(given.text) else {
            throw Complaint("\(given.quoted) is not a whole number; \(meant)")
        }
        guard range.contains(number) else {
            throw Complaint("\(given.quoted) is out of range; \(meant)")
        }
        return number
    }

    static func flag(_ given: Given) throws(Complaint) -> Bool {
        switch given.text {
        case "true": return true
        case "false": return false
        default: throw Complaint("\(given.quoted) is neither true nor false; write one of them")
        }
    }
}
