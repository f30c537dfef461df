import NIOCore
import VitalsCore

/// One question to a name server and what it says to it.
struct DNSDialogue: ProbeDialogue {
    private let question: DNSQuestion
    private let expectation: DNSExpectation
    /// By chance, so that an answer is hard to forge.
    private let id: UInt16
    private var usesTCP: Bool
    /// From a datagram to the next one.
    private var patience: Duration

    /// What came, once it has.
    private(set) var reply: DNSReply?

    /// - Parameter patience: how long the first datagram is waited for; each next one twice as long.
    init(_ settings: DNSProbeSettings, id: UInt16, patience: Duration) {
        question = settings.question
        expectation = settings.expectation
        usesTCP = settings.usesTCP
        self.id = id
        self.patience = patience
    }

    mutating func opened() -> [ProbeStep] {
        guard !usesTCP else {
            return [.enter(.request), .send(question.encodedForStream(id: id)), .enter(.firstByte)]
        }
        return [
            .enter(.request), .send(question.encoded(id: id)), .enter(.firstByte), .wake(after: patience),
        ]
    }

    /// No answer yet: asks again, the next server if there is one.
    mutating func woken() -> [ProbeStep] {
        guard !usesTCP else { return [] }
        patience *= 2
        return [.askNext]
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        usesTCP ? receivedStream(&input) : receivedDatagram(&input)
    }

    private mutating func receivedDatagram(_ input: inout ByteBuffer) -> [ProbeStep] {
        let message = input
        input.clear()
        // Somebody else may have sent it.
        guard let reply = DNSReply(message, to: question, id: id) else {
            return [.note("passed over \(message.readableBytes) bytes that answer no question of ours")]
        }
        guard !reply.isTruncated else {
            usesTCP = true
            return [.note("the answer is too long for a datagram"), .reconnect(.stream)]
        }
        return verdict(on: reply)
    }

    private mutating func receivedStream(_ input: inout ByteBuffer) -> [ProbeStep] {
        guard let message = input.readLengthPrefixedSlice(as: UInt16.self) else { return [] }
        guard let reply = DNSReply(message, to: question, id: id) else {
            return [.fail(.unexpectedReply, message: "sent what is no answer to our question")]
        }
        guard !reply.isTruncated else {
            return [.fail(.unexpectedReply, message: "cut its answer off, though TCP has room for it")]
        }
        return verdict(on: reply)
    }

    private mutating func verdict(on reply: DNSReply) -> [ProbeStep] {
        self.reply = reply
        return DNSVerdict(reply, to: question).steps(expectation)
    }
}
