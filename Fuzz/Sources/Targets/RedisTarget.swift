import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose the target and the pieces, then what the server sends until it hangs up.
    static let redis = FuzzTarget(name: "redis", feed: RedisTarget.feed)
}

private enum RedisTarget {
    private static let password = "QXZJKVWQ9"
    private static let heartbeat = RedisHeartbeat(prober: "p", token: "t", expires: .seconds(60))

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        var whole = try run(bytes[0])
        try whole.receive(bytes[2...])
        try whole.end()
        try promise(whole.verdict != nil, "no verdict at the end")
        try promise(whole.dialogue.answers.count <= 3, "more answers than questions")
        let kept = whole.dialogue.answers.map { answer in
            if case .rows(let rows) = answer.content { rows.kept.count } else { 0 }
        }
        try promise(kept.allSatisfy { $0 <= Examination.mostOwnRows }, "too many rows are kept")

        var pieces = try run(bytes[0])
        for piece in Pieces(of: bytes[2...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(pieces.steps == whole.steps, "other steps in pieces than whole")
    }

    private static func run(_ kind: UInt8) throws(BrokenPromise) -> DialogueRun<RedisDialogue> {
        let login = kind & 1 == 0 ? "u:\(password)@" : ""
        let text = kind & 2 == 0 ? "redis://\(login)h/1" : "redis-sentinel://\(login)h?sentinelMasterId=m"
        let questions = [
            OwnQuestion("own", "HGETALL a"), OwnQuestion("other", "XINFO GROUPS s"),
            OwnQuestion("not", "SET a b"),
        ]
        let measuring = RedisMeasuring(
            isDue: { _ in kind & 4 != 0 }, questions: kind & 8 == 0 ? [] : questions)
        let demand = RedisDemand(
            role: kind & 16 == 0 ? .any : .primary, heartbeat: kind & 32 == 0 ? nil : heartbeat)
        do {
            let login = RedisLogin(try RedisDSNParser.parse(text))
            return try DialogueRun(
                RedisDialogue(login, demand: demand, measuring: measuring), computing: 0)
        } catch let error as BrokenPromise {
            throw error
        } catch {
            throw BrokenPromise(description: "\(error)")
        }
    }
}
