import NIOCore
import VitalsEngine

@testable import VitalsNet

extension FuzzTarget {
    /// A byte that chooses the pieces, what is expected as it is written, a zero byte, and what comes.
    static let tcp = FuzzTarget(name: "tcp", feed: TCPTarget.feed)
}

private enum TCPTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let seed = bytes.first else { return }
        let parts = bytes.dropFirst().split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(decoding: parts[0], as: UTF8.self)
        let literal = TargetText(text, variables: [0..<text.utf8.count])
        try promise(parsed(literal) == Array(text.utf8), "a variable is not taken as it is")
        let wanted = parsed(TargetText(text)) ?? []
        let escaped = wanted.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try promise(parsed(TargetText(escaped)) == wanted, "bytes do not read back: \(escaped)")
        guard !wanted.isEmpty, wanted.count <= 4_096, parts.count > 1 else { return }

        let step = Settings(["expect": .text(TargetText(escaped)), "send": .text("x")])
        guard let script = try? TCPScript([step]) else {
            throw BrokenPromise(description: "is no script: \(escaped)")
        }
        var whole = try DialogueRun(TCPDialogue(script), computing: 0)
        try whole.receive(parts[1])
        let isThere = (0...max(0, parts[1].count - wanted.count)).contains {
            parts[1].dropFirst($0).starts(with: wanted)
        }
        try promise((whole.verdict != nil) == isThere, "what is there is not found, or what is not there is")
        var pieces = try DialogueRun(TCPDialogue(script), computing: 0)
        for piece in Pieces(of: parts[1], seed: seed) { try pieces.receive(piece) }
        try pieces.end()
        try whole.end()
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
    }

    private static func parsed(_ text: TargetText) -> [UInt8]? {
        try? EscapedBytes.parse(text)
    }
}
