import NIOCore
import VitalsCore

/// Goes through a script; without one nothing is said, and the connection is all.
///
/// Phases: `greeting` while the server has to speak first, `request` from our first word on.
struct TCPDialogue: ProbeDialogue {
    private let script: TCPScript
    private var index = 0
    private var awaited: AwaitedReply?
    /// The first of all that came: what conditions may look at as the answer.
    private(set) var firstBytes: [UInt8] = []

    /// Bytes kept of what came.
    static let kept = 1_024

    init(_ script: TCPScript = .empty) {
        self.script = script
    }

    mutating func opened() -> [ProbeStep] { proceed() }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        while awaited != nil, input.readableBytes > 0 {
            let bytes = input.readableBytesView
            let taken: Int?
            do {
                taken = try awaited?.take(bytes)
            } catch {
                awaited = nil
                return steps + [.fail(.unexpectedReply, message: error.message)]
            }
            let count = taken ?? bytes.count
            firstBytes += bytes.prefix(min(count, Self.kept - firstBytes.count))
            input.moveReaderIndex(forwardBy: count)
            guard taken != nil else { break }
            index += 1
            steps += proceed()
        }
        return steps
    }

    mutating func timedOut() -> [ProbeStep] { disappointed("within the timeout") }

    mutating func ended() -> [ProbeStep] { disappointed("before the end of the connection") }

    func observe(_ observation: inout Observation) {
        observation.body = firstBytes
        observation.isBodyCut = firstBytes.count == Self.kept
    }

    /// Says what is to be said next, up to where something is waited for.
    private mutating func proceed() -> [ProbeStep] {
        var steps: [ProbeStep] = []
        var unsent = ByteBuffer()
        while index < script.steps.count {
            let step = script.steps[index]
            unsent.writeBytes(step.send)
            guard let expect = step.expect else {
                index += 1
                continue
            }
            awaited = AwaitedReply(expect)
            if unsent.readableBytes > 0 { return steps + [.enter(.request), .send(unsent)] }
            if index == 0 { steps.append(.enter(.greeting)) }
            return steps
        }
        awaited = nil
        return steps + [.pass(farewell: unsent.readableBytes > 0 ? unsent : nil)]
    }

    /// Nothing where nothing came: then it is silence, or the closing, that has to be told.
    private mutating func disappointed(_ until: String) -> [ProbeStep] {
        guard let reply = awaited, !reply.heard.isEmpty, let expect = script.steps[index].expect else {
            return []
        }
        if reply.matchesAtLast() {
            index += 1
            return proceed()
        }
        awaited = nil
        // Where it is cut off, half a secret would not be known for one.
        let isCut = reply.heard.count > Self.kept
        let came = reply.heard.prefix(Self.kept).dropLast(isCut ? script.longestSecret : 0)
        return [
            .fail(
                .unexpectedReply,
                message:
                    "expected \(expect.shown) \(until), but “\(String(decoding: came, as: UTF8.self))” came")
        ]
    }
}
