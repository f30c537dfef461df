import NIOCore
import VitalsCore

@testable import VitalsNet

/// Drives a dialogue as a connection does, without a socket, and holds it to what dialogues promise.
struct DialogueRun<Dialogue: ProbeDialogue> {
    private(set) var dialogue: Dialogue
    /// All that the dialogue wanted, in order, but the verdict.
    private(set) var steps: [ProbeStep] = []
    private(set) var verdict: ProbeStep?
    private var input = ByteBuffer()
    /// What `.compute` gives.
    private let value: any Sendable

    init(_ dialogue: Dialogue, computing value: any Sendable) throws(BrokenPromise) {
        self.dialogue = dialogue
        self.value = value
        try perform(self.dialogue.opened())
    }

    /// How the run ended: `pass`, or the fault's cause and code. Not its message, which may quote as much as
    /// had come.
    var ending: String {
        switch verdict {
        case .pass: "pass"
        case .fail(let cause, let code, _, _): "\(cause.rawValue) \(code ?? "")"
        default: "none"
        }
    }

    var hasComputed: Bool { steps.contains { if case .compute = $0 { true } else { false } } }

    /// All that was sent, in one.
    var sent: [UInt8] {
        steps.flatMap { if case .send(let bytes) = $0 { Array(bytes.readableBytesView) } else { [UInt8]() } }
    }

    mutating func receive(_ bytes: some Collection<UInt8>) throws(BrokenPromise) {
        guard verdict == nil, !bytes.isEmpty else { return }
        input.writeBytes(bytes)
        try perform(dialogue.received(&input))
    }

    mutating func end() throws(BrokenPromise) {
        guard verdict == nil else { return }
        try perform(dialogue.ended())
    }

    private mutating func perform(_ new: [ProbeStep]) throws(BrokenPromise) {
        for step in new {
            try promise(verdict == nil, "a step after the verdict: \(step)")
            switch step {
            case .pass:
                verdict = step
            case .fail(_, let code, let message, _):
                try promise(!message.isEmpty && message.utf8.count < 4_096, "a message of strange length")
                try promise((code ?? "0").utf8.count <= 40, "a code that is none: \(code ?? "")")
                verdict = step
            case .startTLS:
                try promise(input.readableBytes == 0, "unprotected bytes would pass as protected")
                steps.append(step)
                try perform(dialogue.secured())
            case .compute:
                steps.append(step)
                try perform(dialogue.computed(value))
            default:
                steps.append(step)
            }
        }
    }
}

/// Cuts bytes as a network might: in pieces of 1 to 16.
struct Pieces: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    private var chance: UInt32

    init(of bytes: ArraySlice<UInt8>, seed: UInt8) {
        rest = bytes
        chance = UInt32(seed)
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        chance = chance &* 1_664_525 &+ 1_013_904_223
        let piece = rest.prefix(Int(chance >> 28) + 1)
        rest = rest.dropFirst(piece.count)
        return piece
    }
}
