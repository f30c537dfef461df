import NIOCore
import VitalsCore

/// Asks for a WebSocket, pings its other end, goes through a script, and takes its leave.
///
/// Phases: `request` and `first_byte` until the connection is a WebSocket, `read` from then on.
struct WebSocketDialogue: HTTPExchange {
    private var session: WebSocketSession
    private let script: WebSocketScript
    private let measuring: WebSocketMeasuring
    /// What a pong has to hold; nothing: none is asked for.
    private let pingPayload: [UInt8]?

    private var index = 0
    private var pingedAt: NIODeadline?
    private var roundTrip: Duration?
    /// The last message that came, and the last one that was waited for.
    private var last: [UInt8]?
    private var reply: [UInt8]?

    /// - Parameter pingPayload: by chance, so that no other pong is taken for its own.
    init(
        _ session: WebSocketSession, _ script: WebSocketScript = .empty, pingPayload: [UInt8]?,
        measuring: WebSocketMeasuring
    ) {
        self.session = session
        self.script = script
        self.pingPayload = pingPayload
        self.measuring = measuring
    }

    /// The answer to the handshake; its body is the reply that was waited for, or else the last message.
    var response: HTTPResponse? {
        session.response.map { response in
            let body = (reply ?? last).map { ByteBuffer(bytes: $0) }
            return HTTPResponse(
                head: response.head, body: session.isOpen ? body ?? ByteBuffer() : response.body,
                isCut: false)
        }
    }

    mutating func opened() -> [ProbeStep] {
        [.enter(.request), .send(session.opening), .enter(.firstByte)]
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        while let event = session.read(&input) {
            steps += take(event)
            if steps.last?.isVerdict == true { break }
        }
        return steps
    }

    private mutating func take(_ event: WebSocketSession.Event) -> [ProbeStep] {
        switch event {
        case .open(let subprotocol):
            return WebSocketVerdict.opened(subprotocol) + begin()
        case .send(let bytes):
            return [.send(bytes)]
        case .pong(let payload):
            guard let pingedAt, payload == pingPayload, roundTrip == nil else { return [] }
            roundTrip = Duration(measuring.now() - pingedAt)
            return isDone ? finish() : []
        case .message(let message):
            return hear(message.bytes)
        case .closed(let close, let farewell):
            return WebSocketVerdict.closed(close, whileWaitingFor: awaited, farewell)
        case .refused(let response):
            return WebSocketVerdict.refused(response)
        case .broken(let cause, let code, let message, let farewell):
            return [.fail(cause, code: code, message: message, farewell: farewell)]
        }
    }

    private mutating func begin() -> [ProbeStep] {
        var steps: [ProbeStep] = [.enter(.read)]
        if let pingPayload {
            pingedAt = measuring.now()
            steps.append(.send(session.ping(pingPayload)))
        }
        return steps + proceed()
    }

    /// Says what is to be said next, up to where something is waited for.
    private mutating func proceed() -> [ProbeStep] {
        var steps: [ProbeStep] = []
        while index < script.steps.count {
            let step = script.steps[index]
            if let send = step.send { steps.append(.send(session.message(send.bytes, isText: send.isText))) }
            guard step.expect == nil else { return steps }
            index += 1
        }
        return steps + (isDone ? finish() : [])
    }

    private mutating func hear(_ message: [UInt8]) -> [ProbeStep] {
        last = message
        guard let expect = expectation else { return [] }
        do {
            guard try expect.matches(message) else { return [] }
        } catch {
            return [.fail(.unexpectedReply, message: error.message, farewell: session.close())]
        }
        reply = message
        index += 1
        // What is said behind it was not to be said before.
        return proceed()
    }

    private var expectation: WebSocketScript.Expectation? {
        index < script.steps.count ? script.steps[index].expect : nil
    }

    private var isDone: Bool {
        index == script.steps.count && (pingPayload == nil || roundTrip != nil)
    }

    private var awaited: String {
        expectation.map { "for \($0.shown)" } ?? "for the pong to our ping"
    }

    private func finish() -> [ProbeStep] {
        measuring.steps(roundTrip, why: "no ping is sent: `ping` is false") + [
            .pass(farewell: session.close())
        ]
    }

    mutating func timedOut() -> [ProbeStep] { disappointed("within the timeout", hasHungUp: false) }

    mutating func ended() -> [ProbeStep] {
        disappointed("before the server hung up", hasHungUp: true)
    }

    /// Nothing where nothing came: then it is silence, or the closing, that has to be told.
    private mutating func disappointed(_ until: String, hasHungUp: Bool) -> [ProbeStep] {
        if session.isOpen, let last, let expectation {
            return [
                .fail(
                    .unexpectedReply,
                    message: "expected \(expectation.shown) \(until), but “\(shown(last))” came",
                    farewell: hasHungUp ? nil : session.close())
            ]
        }
        if let event = session.end(hasHungUp: hasHungUp) { return take(event) }
        guard session.isOpen, expectation == nil else { return [] }
        return [
            .fail(
                .timeout,
                message: "no pong to our ping \(until), which a server owes (RFC 6455, 5.5.2); `ping: false` "
                    + "does without", farewell: session.close())
        ]
    }

    /// Where it is cut off, half a secret would not be known for one.
    private func shown(_ message: [UInt8]) -> String {
        let isCut = message.count > Self.excerpt
        let came = message.prefix(Self.excerpt).dropLast(isCut ? script.longestSecret : 0)
        return String(decoding: came, as: UTF8.self)
    }

    private static let excerpt = 512
}

/// What is measured beside the verdict: how long a ping took.
struct WebSocketMeasuring: Sendable {
    static let rule = VitalRule(
        "round_trip_seconds", unit: "s", "from our ping to its answer over the open connection",
        every: .seconds(10))

    /// Whether this run measures it.
    let isDue: Bool
    let now: @Sendable () -> NIODeadline

    /// - Parameter why: there is none.
    func steps(_ roundTrip: Duration?, why: String) -> [ProbeStep] {
        guard isDue else { return [] }
        let value = roundTrip.map { Double($0.microseconds) / 1_000_000 }
        let vital = Vital(Self.rule.name, value, unit: Self.rule.unit, reason: value == nil ? why : nil)
        return [.decide(), .vital(vital)]
    }
}
