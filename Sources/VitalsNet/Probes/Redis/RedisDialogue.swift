import NIOCore
import VitalsCore

/// One session with a Redis or Valkey server or a Sentinel: log in, then one command after the other.
///
/// Phases: `authenticate` is the greeting, which is the login too; `session` is who the server is, and its
/// database; `read` is PING, and whether a cluster serves or whom a Sentinel watches; `write` is the key.
struct RedisDialogue: ProbeDialogue {
    enum Stage: Equatable {
        case asking, measuring, over
    }

    var stage = Stage.asking
    var decoder = RESPDecoder()
    var server: RedisServer
    /// What is not asked yet, in order.
    var waiting: [RedisCommand]
    /// What is being answered.
    var asked: RedisCommand?
    let measuring: RedisMeasuring
    /// With whom TLS was agreed on.
    var peer: TLSPeer?
    /// What is measured once nothing of the plan is left.
    var examination: Examination?
    var asking: Asking?

    /// - Parameters:
    ///   - demand: default: that it answers.
    ///   - measuring: default: nothing.
    init(
        _ login: RedisLogin, demand: RedisDemand = RedisDemand(), measuring: RedisMeasuring = RedisMeasuring()
    ) {
        server = RedisServer(user: login.name)
        waiting = demand.plan(login)
        self.measuring = measuring
    }

    mutating func met(_ peer: TLSPeer) {
        self.peer = peer
    }

    mutating func opened() -> [ProbeStep] { askNext() }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        while stage != .over {
            do {
                guard let reply = try decoder.next(from: &input) else { break }
                steps += stage == .measuring ? take(reply) : conclude(reply)
            } catch {
                steps.append(fail(error))
            }
        }
        return steps
    }

    mutating func ended() -> [ProbeStep] {
        let moment = asked?.phase == .authenticate && stage == .asking ? "the login" : "a command"
        return [fail(.reset, "the server closed the connection during \(moment)")]
    }

    mutating func cutShort(_ reason: String) -> [Vital] {
        examination?.cutShort(reason) ?? []
    }

    var answers: [OwnAnswer] { examination?.answers ?? [] }

    /// The verdict. There is nothing to be said in farewell: a server expects none.
    mutating func fail(_ cause: Cause, code: String? = nil, _ message: String) -> ProbeStep {
        stage = .over
        return .fail(cause, code: code, message: message)
    }

    mutating func fail(_ verdict: RedisVerdict) -> ProbeStep {
        fail(verdict.cause, code: verdict.code, verdict.message)
    }

    private mutating func fail(_ fault: RESPFault) -> ProbeStep {
        switch fault {
        case .malformed(let what):
            return fail(.protocolMismatch, "the server broke the Redis protocol with \(what)")
        case .tooLong: return fail(.unexpectedReply, "the server sent a longer reply than was asked for")
        case .foreign(let bytes): return failForeign(bytes)
        }
    }

    private mutating func failForeign(_ bytes: [UInt8]) -> ProbeStep {
        let name = ForeignPeer.description(of: bytes, after: [])
        return fail(.protocolMismatch, "not a Redis server: this is \(name)")
    }
}

// MARK: Commands

extension RedisDialogue {
    private mutating func conclude(_ reply: RESPValue) -> [ProbeStep] {
        // One that has no place for us says so, and does not wait to be asked.
        guard let asked else { return [fail(.unexpectedReply, "the server said something unasked")] }
        switch asked.conclude(reply, &server) {
        case .goOn(let steps, let next):
            waiting.insert(contentsOf: next, at: 0)
            return steps + askNext()
        case .fault(let verdict): return [fail(verdict)]
        case .foreign(let reply): return [failForeign(Self.start(of: reply))]
        case .verdict(let verdict, let steps):
            waiting = []
            return steps + measure(verdict)
        }
    }

    /// As it began on the wire, as far as others can be told apart by it: POP3 greets with `+OK`.
    private static func start(of reply: RESPValue) -> [UInt8] {
        switch reply {
        case .text(let text): Array("+\(text)".utf8.prefix(16))
        case .integer(let number): Array(":\(number)".utf8.prefix(16))
        default: Array("*".utf8)
        }
    }

    private mutating func askNext() -> [ProbeStep] {
        guard !waiting.isEmpty else { return measure() }
        let next = waiting.removeFirst()
        asked = next
        return [.enter(next.phase), .send(RedisFrontend.command(next.words))]
    }
}
