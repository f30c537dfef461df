import NIOCore
import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// Each: two bytes that choose what was asked and the pieces, then what the server sends until it hangs
    /// up.
    static let d1 = FuzzTarget(name: "d1") { bytes throws(BrokenPromise) in
        try ServiceTarget.feed(bytes) { _, response in
            D1Answer.judge(response, largest: 10e9, at: ServiceTarget.now)
        }
    }

    static let convex = FuzzTarget(name: "convex") { bytes throws(BrokenPromise) in
        try ServiceTarget.feed(bytes) { kind, response in
            kind & 1 == 0
                ? ConvexAnswer.version(response, at: ServiceTarget.now)
                : ConvexAnswer.query(response, "a:b", at: ServiceTarget.now)
        }
    }

    static let s3 = FuzzTarget(name: "s3") { bytes throws(BrokenPromise) in
        try ServiceTarget.feed(bytes) { kind, response in
            let steps = [S3Answer.Step.list, .put, .get("token")]
            return S3Answer.judge(
                response, of: steps[Int(kind) % steps.count], region: "us-east-1", at: ServiceTarget.now)
        }
    }
}

/// A service that is asked over HTTP, and whose whole answer is judged.
private enum ServiceTarget {
    static let now = Timestamp(microseconds: 1_795_316_400_000_000)
    private static let bodyLimit = 4_096

    static func feed(
        _ bytes: [UInt8], _ judge: @escaping @Sendable (UInt8, HTTPResponse) -> HTTPVerdict
    ) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        let kind = bytes[0]
        func run() throws(BrokenPromise) -> DialogueRun<JudgedExchange> {
            var demand = HTTPDemand.whole(bodyLimit: bodyLimit)
            demand.keeps.insert(.headers)
            let exchange = JudgedExchange(
                HTTPDialogue(ByteBuffer(), demand), as: kind & 64 == 0 ? nil : .write,
                measuring: kind & 128 == 0 ? [] : ["query_ms", "clock_skew_seconds"]
            ) { judge(kind, $0) }
            return try DialogueRun(exchange, computing: 0)
        }
        var whole = try run()
        try whole.receive(bytes[2...])
        try whole.end()

        var pieces = try run()
        for piece in Pieces(of: bytes[2...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(
            pieces.dialogue.verdict == whole.dialogue.verdict, "another verdict in pieces than whole")

        guard let verdict = whole.dialogue.verdict else { return }
        for vital in verdict.vitals {
            try promise(vital.value.map { $0.isFinite && $0 >= 0 } ?? true, "\(vital.name) is no measure")
        }
        let isLimited = verdict.complaint?.cause == .rateLimited
        try promise(isLimited || verdict.retryAfter == nil, "a pause that nobody asked for")
        if let wait = verdict.retryAfter {
            try promise((.zero...RetryAfter.maximum).contains(wait), "a wait of \(wait)")
        }
    }
}
