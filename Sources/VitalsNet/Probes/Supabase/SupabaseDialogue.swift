import NIOCore
import VitalsCore

/// Opens the WebSocket of Supabase Realtime, has its heart beat once, joins a topic that nobody else has, and
/// sends itself a message through it.
///
/// Phases: `request` and `first_byte` until the connection is a WebSocket, `read` for the heartbeat,
/// `session` for joining, `write` for the message.
struct SupabaseDialogue: HTTPExchange {
    private enum Stage: Equatable {
        case upgrading, beating, joining, broadcasting
    }

    private var session: WebSocketSession
    private let demand: SupabaseDemand
    private let measuring: WebSocketMeasuring
    private var stage = Stage.upgrading
    private var askedAt: NIODeadline?
    private var roundTrip: Duration?

    init(_ session: WebSocketSession, _ demand: SupabaseDemand, measuring: WebSocketMeasuring) {
        self.session = session
        self.demand = demand
        self.measuring = measuring
    }

    var response: HTTPResponse? { session.response }

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

    mutating func timedOut() -> [ProbeStep] {
        session.end(hasHungUp: false).map { take($0) } ?? silence
    }

    mutating func ended() -> [ProbeStep] {
        session.end(hasHungUp: true).map { take($0) } ?? []
    }

    private mutating func take(_ event: WebSocketSession.Event) -> [ProbeStep] {
        switch event {
        case .open(let subprotocol):
            return WebSocketVerdict.opened(subprotocol) + [.enter(.read)] + beat()
        case .send(let bytes):
            return [.send(bytes)]
        case .pong:
            return []
        case .message(let message):
            return hear(message)
        case .closed(let close, let farewell):
            return closed(close, farewell)
        case .refused(let response):
            return SupabaseRefusal.steps(response)
        case .broken(let cause, let code, let message, let farewell):
            return [.fail(cause, code: code, message: message, farewell: farewell)]
        }
    }

    private func closed(_ close: WebSocketClose, _ farewell: ByteBuffer) -> [ProbeStep] {
        guard SupabaseRefusal.code(in: close.reason) != nil else {
            return WebSocketVerdict.closed(close, whileWaitingFor: awaited, farewell)
        }
        return [.fact(.closeCode, .number(Int(close.code ?? 1_005)))]
            + SupabaseRefusal.steps("to go on", because: close.reason, farewell)
    }

    private var awaited: String {
        switch stage {
        case .upgrading, .beating: "for the reply to our heartbeat"
        case .joining: "for the reply to our join"
        case .broadcasting: "for our own message"
        }
    }

    /// It took what we said, and says nothing of it.
    private var silence: [ProbeStep] {
        guard stage != .upgrading else { return [] }
        return [
            .fail(
                .timeout, message: "still waited \(awaited) when the time was up", farewell: session.close())
        ]
    }

    // MARK: What is said

    /// By which each reply is known.
    private enum Reference {
        static let heartbeat = "1"
        static let join = "2"
        static let broadcast = "3"
        static let leave = "4"
    }

    private mutating func beat() -> [ProbeStep] {
        stage = .beating
        askedAt = measuring.now()
        return [say(PhoenixMessage("heartbeat", on: "phoenix", ref: Reference.heartbeat))]
    }

    private mutating func join() -> [ProbeStep] {
        stage = .joining
        return [.enter(.session), say(demand.join(ref: Reference.join), joinRef: Reference.join)]
    }

    private mutating func broadcast() -> [ProbeStep] {
        stage = .broadcasting
        return [
            .enter(.write), say(demand.broadcast(ref: Reference.broadcast), joinRef: Reference.join),
        ]
    }

    private func say(_ message: PhoenixMessage, joinRef: String? = nil) -> ProbeStep {
        .send(session.message(message.bytes(joinRef: joinRef)))
    }

    /// Leaves what was joined, and goes.
    private func finish() -> [ProbeStep] {
        var farewell = ByteBuffer()
        if stage != .beating {
            let leave = PhoenixMessage("phx_leave", on: demand.topic, ref: Reference.leave)
            farewell = session.message(leave.bytes(joinRef: Reference.join))
        }
        var close = session.close()
        farewell.writeBuffer(&close)
        return [.fact(.realtimeChecked, .text(demand.depth.rawValue))]
            + measuring.steps(roundTrip, why: "") + [.pass(farewell: farewell)]
    }

    // MARK: What is heard

    private mutating func hear(_ message: WebSocketMessage) -> [ProbeStep] {
        guard message.isText, let heard = PhoenixMessage(parsing: message.bytes) else {
            let start = String(decoding: message.bytes.prefix(64), as: UTF8.self)
            return [
                .fail(
                    .protocolMismatch,
                    message: "does not speak as Phoenix channels do, but said “\(start)”",
                    farewell: session.close(1_002))
            ]
        }
        switch (stage, heard.ref) {
        case (.beating, Reference.heartbeat):
            return heard.isGood.map { answered($0, heard, "our heartbeat") } ?? []
        case (.joining, Reference.join):
            return heard.isGood.map { answered($0, heard, "the join") } ?? ended(heard)
        case (.broadcasting, Reference.broadcast):
            return heard.isGood == false ? refused("our message", heard) : []
        default:
            return stage == .broadcasting && demand.isOwn(heard) ? finish() : ended(heard)
        }
    }

    private mutating func answered(_ isGood: Bool, _ heard: PhoenixMessage, _ what: String) -> [ProbeStep] {
        guard isGood else { return refused(what, heard) }
        if stage == .beating {
            roundTrip = askedAt.map { Duration(measuring.now() - $0) }
            return demand.depth == .heartbeat ? finish() : join()
        }
        return demand.depth == .join ? finish() : broadcast()
    }

    private func refused(_ what: String, _ heard: PhoenixMessage) -> [ProbeStep] {
        SupabaseRefusal.steps(what, because: heard.reason, session.close())
    }

    /// Whether it is said of our topic that it is over, or not well.
    private func ended(_ heard: PhoenixMessage) -> [ProbeStep] {
        guard heard.topic == demand.topic, stage == .joining || stage == .broadcasting else { return [] }
        switch heard.event {
        case "phx_error", "phx_close": return refused("to keep our topic", heard)
        case "system" where heard.payload["status"]?.string == "error": return refused("our topic", heard)
        default: return []
        }
    }
}
