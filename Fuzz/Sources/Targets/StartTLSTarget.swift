import NIOCore

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose the protocol and the pieces, then what the server sends until it hangs up.
    static let starttls = FuzzTarget(name: "starttls", feed: StartTLSTarget.feed)
}

private enum StartTLSTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        let upgrade = StartTLS.allCases[Int(bytes[0]) % StartTLS.allCases.count]
        var whole = try run(upgrade)
        try whole.receive(bytes[2...])
        let sent = String(decoding: whole.sent, as: UTF8.self)
        try promise(sent.count < 100, "says more than it has to: \(sent)")

        // What comes with the answer is a fault, what comes after it goes to TLS: that depends on the cut.
        guard upgrade != .postgres, whole.verdict == nil else { return }
        var pieces = try run(upgrade)
        for piece in Pieces(of: bytes[2...], seed: bytes[1]) { try pieces.receive(piece) }
        try promise(pieces.steps == whole.steps, "other steps in pieces than whole")
        try promise(pieces.dialogue.stage == whole.dialogue.stage, "another stage in pieces than whole")
    }

    private static func run(_ upgrade: StartTLS) throws(BrokenPromise) -> DialogueRun<TLSDialogue> {
        try DialogueRun(TLSDialogue(upgrade, days: .usual), computing: 0)
    }
}
