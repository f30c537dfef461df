import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose the target and the pieces, then what the server sends until it hangs up.
    static let postgres = FuzzTarget(name: "postgres", feed: PostgresTarget.feed)
}

private enum PostgresTarget {
    private static let password = "QXZJKVWQ9"
    /// Those that every SCRAM login here is made with: deriving them is slow and not what is tried.
    private static let keys = ScramKeys(password: password, salt: [1, 2, 3, 4], iterations: 1)

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        // The answer to the request for TLS is believed only if nothing came with it: it is one piece.
        let cut = bytes[0] & 1 == 0 ? 2 : min(bytes.count, 3 + Int(bytes[0] >> 2 & 7))
        var whole = try run(bytes[0])
        try whole.receive(bytes[2..<cut])
        try whole.receive(bytes[cut...])
        try whole.end()
        try promise(whole.verdict != nil, "no verdict at the end")
        let isInClear = bytes[0] & 1 == 0 && String(decoding: whole.sent, as: UTF8.self).contains(password)
        try promise(!isInClear, "the password goes over the wire in clear text")
        try promise(whole.dialogue.rows.count <= 1_000, "too many rows are kept")

        var pieces = try run(bytes[0])
        try pieces.receive(bytes[2..<cut])
        for piece in Pieces(of: bytes[cut...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        // What comes while the keys are derived breaks the protocol; in pieces they are there at once.
        guard !pieces.hasComputed else { return }
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(pieces.steps == whole.steps, "other steps in pieces than whole")
    }

    private static func run(_ kind: UInt8) throws(BrokenPromise) -> DialogueRun<PostgresDialogue> {
        let login = kind & 2 == 0 ? "u:\(password)" : "u"
        let mode = kind & 1 == 0 ? "disable" : "require"
        do {
            let target = try PostgresDSNParser.parse(
                "postgres://\(login)@db.example.com/d?sslmode=\(mode)", defaultUser: nil)
            let questions = [OwnQuestion("own", "SELECT 1")]
            let plan = PostgresPlan(
                isDue: { _ in kind & 64 != 0 }, questions: kind & 32 == 0 ? [] : questions)
            let dialogue = PostgresDialogue(
                PostgresLogin(target, keys: ScramKeyCache()), nonce: "rOprNGfwEbeRWgbNEkqO", plan: plan)
            return try DialogueRun(dialogue, computing: keys)
        } catch let error as BrokenPromise {
            throw error
        } catch {
            throw BrokenPromise(description: "\(error)")
        }
    }
}
