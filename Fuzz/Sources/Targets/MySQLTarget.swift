import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose the target and the pieces, then what the server sends until it hangs up.
    static let mysql = FuzzTarget(name: "mysql", feed: MySQLTarget.feed)
}

private enum MySQLTarget {
    private static let password = "QXZJKVWQ9"
    /// What the password is sealed to: chance has a part in it.
    private static let sealed: [UInt8]? = Array("sealed".utf8)

    /// What is written, in half of all runs.
    private static let heartbeat = MySQLHeartbeat(
        settings: WriteSettings(making: MySQLHeartbeat.usualTable), prober: "p", token: "t",
        limit: .seconds(2))

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        let kind = bytes[0]
        // Where TLS is to follow, the connection sees to it that nothing comes with the greeting.
        let cut = kind & 1 == 0 ? 2 : endOfGreeting(bytes)
        var whole = try run(kind)
        try whole.receive(bytes[2..<cut])
        try whole.receive(bytes[cut...])
        try whole.end()
        try promise(whole.verdict != nil, "no verdict at the end")
        let isInClear = kind & 5 == 0 && String(decoding: whole.sent, as: UTF8.self).contains(password)
        try promise(!isInClear, "the password goes over the wire in clear text")
        try promise(whole.dialogue.reader.rows.count <= 1_000, "too many rows are kept")

        var pieces = try run(kind)
        try pieces.receive(bytes[2..<cut])
        for piece in Pieces(of: bytes[cut...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        // What comes while the password is sealed breaks the protocol; in pieces that is done at once.
        guard !pieces.hasComputed else { return }
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(pieces.steps == whole.steps, "other steps in pieces than whole")
    }

    private static func endOfGreeting(_ bytes: [UInt8]) -> Int {
        guard bytes.count > 6 else { return bytes.count }
        let length = Int(bytes[2]) | Int(bytes[3]) << 8 | Int(bytes[4]) << 16
        return min(bytes.count, 2 + 4 + length)
    }

    private static func run(_ kind: UInt8) throws(BrokenPromise) -> DialogueRun<MySQLDialogue> {
        let login = kind & 2 == 0 ? "u:\(password)" : "u"
        let mode = kind & 1 == 0 ? "disable" : "require"
        let isSocket = kind & 4 != 0 && kind & 1 == 0
        let text =
            isSocket
            ? "mysql://\(login)@/d?socket=/s" : "mysql://\(login)@db.example.com/d?ssl-mode=\(mode)"
        do {
            let questions = [OwnQuestion("own", "SELECT 1"), OwnQuestion("other", "CALL p()")]
            let measuring = MySQLMeasuring(
                isDue: { _ in kind & 8 != 0 }, questions: kind & 16 == 0 ? [] : questions)
            let demand = MySQLDemand(heartbeat: kind & 32 == 0 ? nil : heartbeat)
            let dialogue = MySQLDialogue(
                MySQLLogin(try MySQLDSNParser.parse(text)), plan: { demand.plan($0) }, measuring: measuring)
            return try DialogueRun(dialogue, computing: sealed)
        } catch let error as BrokenPromise {
            throw error
        } catch {
            throw BrokenPromise(description: "\(error)")
        }
    }
}
