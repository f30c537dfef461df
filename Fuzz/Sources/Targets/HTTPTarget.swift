import NIOCore
import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose what is asked for and the pieces, then what the server sends until it hangs up.
    static let http = FuzzTarget(name: "http", feed: HTTPTarget.feed)
}

private enum HTTPTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        var whole = try DialogueRun(dialogue(bytes[0]), computing: 0)
        try whole.receive(bytes[2...])
        try whole.end()

        var pieces = try DialogueRun(dialogue(bytes[0]), computing: 0)
        for piece in Pieces(of: bytes[2...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(
            pieces.dialogue.response?.head == whole.dialogue.response?.head,
            "another head in pieces than whole")

        guard let head = whole.dialogue.response?.head else { return }
        try promise((200...999).contains(head.status), "a final status of \(head.status)")
        if case .length(let length) = head.framing { try promise(length >= 0, "a length of \(length)") }
        if let text = head.retryAfter, let wait = RetryAfter.duration(text, at: Timestamp(microseconds: 1)) {
            try promise((.zero...RetryAfter.maximum).contains(wait), "a wait of \(wait)")
        }
    }

    private static func dialogue(_ kind: UInt8) -> HTTPDialogue {
        let demand: HTTPDemand = kind & 1 == 1 ? .any : .good(bodyLimit: kind & 2 == 0 ? 1 << 20 : 16)
        return HTTPDialogue(ByteBuffer(), demand)
    }
}
