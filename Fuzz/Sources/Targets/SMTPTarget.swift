import NIOCore
import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose what is asked for and the pieces, then what the mail server says until it hangs
    /// up.
    static let smtp = FuzzTarget(name: "smtp", feed: SMTPTarget.feed)
}

private enum SMTPTarget {
    private static let password = "QXZJKVWQ9"

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2, let address = try? MailAddress(parsing: "a@b.example") else { return }
        var whole = try run(bytes[0], address)
        try whole.receive(bytes[2...])
        try whole.end()
        try check(whole, bytes[0])

        var pieces = try run(bytes[0], address)
        for piece in Pieces(of: bytes[2...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        try check(pieces, bytes[0])
        // The answer to STARTTLS is believed only if nothing came with it.
        guard bytes[0] & 1 == 0 else { return }
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(pieces.steps == whole.steps, "other steps in pieces than whole")
        try promise(pieces.dialogue.accepted == whole.dialogue.accepted, "taken for others in pieces")
    }

    private static func check(_ run: DialogueRun<SMTPDialogue>, _ kind: UInt8) throws(BrokenPromise) {
        let dialogue = run.dialogue
        try promise(dialogue.accepted.count + dialogue.refusals.count <= 2, "more verdicts than recipients")
        if run.ending == "pass" {
            try promise(!dialogue.accepted.isEmpty, "passed, and nobody has it")
        }
        let secured = run.steps.firstIndex(of: .startTLS)
        let inClear = run.steps.prefix(secured ?? run.steps.count)
        guard kind & 1 == 1 else { return }
        for case .send(let bytes) in inClear {
            let text = String(decoding: bytes.readableBytesView, as: UTF8.self)
            try promise(
                text.hasPrefix("EHLO ") || text == "STARTTLS\r\n", "says \(text) before there is TLS")
        }
    }

    private static func run(
        _ kind: UInt8, _ address: MailAddress
    ) throws(BrokenPromise) -> DialogueRun<SMTPDialogue> {
        let errand = SMTPErrand(
            security: kind & 1 == 1 ? .startTLS : .none, name: "a.example",
            login: kind & 2 == 2 ? SMTPErrand.Login(user: "u", password: Secret(password)) : nil,
            sender: address, recipients: [address, address], message: ByteBuffer(string: "x\r\n.\r\n"))
        return try DialogueRun(SMTPDialogue(errand), computing: 0)
    }
}
