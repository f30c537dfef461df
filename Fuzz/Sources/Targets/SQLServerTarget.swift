import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose the target and the pieces, then what the server sends until it hangs up.
    static let sqlserver = FuzzTarget(name: "sqlserver", feed: SQLServerTarget.feed)
    /// A statement of a check's author: what is let through is found to be one that reads however it is read.
    static let sqlserverquestion = FuzzTarget(name: "sqlserverquestion", feed: SQLServerTarget.ask)
}

private enum SQLServerTarget {
    private static let password = "QXZJKVWQ9"

    /// What is written, in half of all runs.
    private static let heartbeat = SQLServerHeartbeat(
        settings: WriteSettings(making: SQLServerHeartbeat.usualTable), prober: "p", token: "t",
        limit: .seconds(2))

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        let kind = bytes[0]
        // Where TLS is to follow, the connection sees to it that nothing comes with the first answer.
        let cut = kind & 3 == 0 ? 2 : endOfGreeting(bytes)
        var whole = try run(kind)
        try whole.receive(bytes[2..<cut])
        try whole.receive(bytes[cut...])
        try whole.end()
        try promise(whole.verdict != nil, "no verdict at the end")
        try promise(
            !String(decoding: whole.sent.filter { $0 != 0 }, as: UTF8.self).contains(password),
            "the password goes over the wire in clear text")
        try promise(whole.dialogue.reader.answer.rows.count <= 1_000, "too many rows are kept")

        var pieces = try run(kind)
        try pieces.receive(bytes[2..<cut])
        for piece in Pieces(of: bytes[cut...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(pieces.steps == whole.steps, "other steps in pieces than whole")
    }

    /// Of as many packets as the first answer has.
    private static func endOfGreeting(_ bytes: [UInt8]) -> Int {
        var end = 2
        while end + 4 <= bytes.count {
            let (isLast, length) = (bytes[end + 1] & 1 == 1, Int(bytes[end + 2]) << 8 | Int(bytes[end + 3]))
            end += max(length, 1)
            if isLast || length < TDSPacket.headLength { break }
        }
        return min(bytes.count, end)
    }

    private static func run(_ kind: UInt8) throws(BrokenPromise) -> DialogueRun<SQLServerDialogue> {
        let mode = ["disable", "false", "true", "strict"][Int(kind & 3)]
        let text = "sqlserver://u:\(password)@db.example.com?database=d&encrypt=\(mode)"
        do {
            let questions = [OwnQuestion("own", "SELECT 1"), OwnQuestion("other", "EXEC p")]
            let measuring = SQLServerMeasuring(
                isDue: { _ in kind & 8 != 0 }, questions: kind & 16 == 0 ? [] : questions)
            let demand = SQLServerDemand(heartbeat: kind & 32 == 0 ? nil : heartbeat)
            let login = SQLServerLogin(try SQLServerDSNParser.parse(text), clientName: "here")
            return try DialogueRun(
                SQLServerDialogue(login, plan: { demand.plan($0) }, measuring: measuring), computing: 0)
        } catch let error as BrokenPromise {
            throw error
        } catch {
            throw BrokenPromise(description: "\(error)")
        }
    }

    // MARK: Questions

    static func ask(_ bytes: [UInt8]) throws(BrokenPromise) {
        let statement = String(decoding: bytes, as: UTF8.self)
        if let refusal = SQLServerReadingStatement.refusal(of: statement) {
            try promise(!refusal.isEmpty && refusal.utf8.count < 200, "a refusal of strange length")
            return
        }
        // Of what is let through no second statement is let through behind it.
        let trimmed = SQLServerReadingStatement.trimmed(statement)
        for end in [" DELETE FROM t", "\nEXEC p", ";SELECT 1", " INTO t"] {
            try promise(
                SQLServerReadingStatement.refusal(of: trimmed + end) != nil, "\(trimmed)\(end) is let through"
            )
        }
    }
}
