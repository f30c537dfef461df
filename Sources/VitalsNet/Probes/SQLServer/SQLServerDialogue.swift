import NIOCore
import VitalsCore

/// One session with a SQL Server: log in, then one batch after the other.
///
/// Phases: `greeting` until the server has answered our first message; `tls`; `authenticate` from the login
/// to the word that lets us in; `session` is the question who it is; `read` is the prober's row, or
/// `SELECT 1`; `write` changes that row. A database that is not to be had is a fault of `session`, though the
/// server opens it with the login.
struct SQLServerDialogue: ProbeDialogue {
    enum Stage: Equatable {
        case greeting, requestingTLS, loggingIn, asking, measuring, over
    }

    let login: SQLServerLogin
    var stage = Stage.greeting
    var packets = TDSPacketReader()
    var tokens = TDSTokenReader()
    /// What the server says before anything else, as far as it has come.
    private var greeting = ByteBuffer()
    /// What is known of the server, from its first answer on.
    var server = SQLServerServer(version: "")
    /// Where the server sends us instead; nothing: we are where we should be.
    private(set) var route: Route?
    private var isLoggedIn = false
    /// Whether only the login is encrypted.
    private var endsTLS = false
    var packetLength = TDSPacket.usualLength
    var transaction: UInt64 = 0
    /// What is to be asked of a server that has let us in.
    let plan: @Sendable (SQLServerServer) -> [SQLServerStatement]
    /// What is not asked yet, in order.
    var waiting: [SQLServerStatement] = []
    /// What is being answered.
    var asked: SQLServerStatement?
    var reader = SQLServerAnswerReader()
    /// Whether the server has been asked to give the batch up, and has not said yet that it has.
    var isGivingUp = false
    let measuring: SQLServerMeasuring
    /// With whom TLS was agreed on.
    var peer: TLSPeer?
    /// What is measured once nothing of the plan is left.
    var examination: Examination?
    var asking: Asking?
    /// How far a statement of the check's author is.
    var own: OwnAsking?

    struct Route: Sendable, Equatable {
        let host: String
        let port: Int
    }

    private static let longestGreeting = 4_096

    /// - Parameters:
    ///   - plan: default: who the server is, and whether it can be read from.
    ///   - measuring: default: nothing.
    init(
        _ login: SQLServerLogin,
        plan: @escaping @Sendable (SQLServerServer) -> [SQLServerStatement] = { SQLServerDemand().plan($0) },
        measuring: SQLServerMeasuring = SQLServerMeasuring()
    ) {
        self.login = login
        self.plan = plan
        self.measuring = measuring
    }

    mutating func met(_ peer: TLSPeer) {
        self.peer = peer
    }

    mutating func opened() -> [ProbeStep] {
        let wish: TDSPrelogin.Encryption =
            switch login.encryption {
            case .disable, .strict: .notSupported
            case .login: .off
            case .whole: .on
            }
        return [.enter(.greeting), .send(TDSFrontend.prelogin(wish))]
    }

    mutating func secured() -> [ProbeStep] {
        logIn()
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        // What follows a request for TLS has come without it: the connection sees to that.
        while stage != .over, stage != .requestingTLS {
            do {
                guard let part = try packets.next(from: &input) else { break }
                steps += try handle(part)
            } catch {
                steps.append(fail(error))
            }
        }
        return steps
    }

    /// A batch that nobody waits for is not left to run: it may wait for ever.
    mutating func timedOut() -> [ProbeStep] {
        guard stage == .asking || stage == .measuring, !isGivingUp else { return [] }
        let note = ProbeStep.note("asking the server to give up the query")
        guard stage == .asking, let verdict = asked?.overdue(server) else {
            return [note, .send(TDSFrontend.attention)]
        }
        return [note, fail(verdict, farewell: TDSFrontend.attention)]
    }

    mutating func ended() -> [ProbeStep] {
        let moment =
            switch stage {
            case .greeting: "before it said who it is"
            case .requestingTLS: "before TLS stood"
            case .loggingIn: "during the login"
            case .asking, .measuring, .over: "during a query"
            }
        return [fail(SQLServerVerdict(.reset, "the server closed the connection \(moment)"))]
    }

    mutating func cutShort(_ reason: String) -> [Vital] {
        examination?.cutShort(reason) ?? []
    }

    var answers: [OwnAnswer] { examination?.answers ?? [] }

    /// The verdict. There is no word of farewell in this protocol: the connection is closed.
    ///
    /// - Parameter farewell: what is sent before that all the same.
    mutating func fail(_ verdict: SQLServerVerdict, farewell: ByteBuffer? = nil) -> ProbeStep {
        stage = .over
        return .fail(
            verdict.cause, code: verdict.code, message: verdict.message, farewell: farewell)
    }

    private mutating func fail(_ error: any Error) -> ProbeStep {
        switch error as? TDSWireError {
        case .malformed(let what):
            return fail(SQLServerVerdict(.protocolMismatch, "the server broke the TDS protocol with \(what)"))
        case .tooLong:
            return fail(SQLServerVerdict(.unexpectedReply, "the server sent a row of more than 256 KiB"))
        case .foreign(let bytes):
            let first = [TDSMessageType.prelogin.rawValue, 1]
            let name = ForeignPeer.description(of: bytes, after: first)
            return fail(SQLServerVerdict(.protocolMismatch, "not a SQL Server: this is \(name)"))
        case .short, nil:
            return fail(SQLServerVerdict(.protocolMismatch, "the server broke the TDS protocol"))
        }
    }

    private mutating func handle(_ part: TDSPacketReader.Part) throws(TDSWireError) -> [ProbeStep] {
        switch stage {
        case .greeting: return try greet(part)
        case .loggingIn, .asking, .measuring: return try hear(part)
        case .requestingTLS, .over: return []
        }
    }
}

// MARK: The login

extension SQLServerDialogue {
    private mutating func greet(_ part: TDSPacketReader.Part) throws(TDSWireError) -> [ProbeStep] {
        var bytes = part.bytes
        greeting.writeBuffer(&bytes)
        guard greeting.readableBytes <= Self.longestGreeting else {
            throw .malformed("a first answer of more than \(Self.longestGreeting) bytes")
        }
        guard part.isLast else { return [] }
        let answer = try TDSPrelogin(greeting)
        greeting = ByteBuffer()
        if let version = answer.version { server.version = version }
        let facts: [ProbeStep] = answer.version.map { [.fact(.serverVersion, .text($0))] } ?? []
        return facts + secureOrLogIn(answer.encryption)
    }

    private mutating func secureOrLogIn(_ offered: TDSPrelogin.Encryption) -> [ProbeStep] {
        switch (login.encryption, offered) {
        // There TLS stands already, and whatever is said of it here means nothing.
        case (.strict, _): return logIn()
        case (.disable, .required), (.disable, .on):
            let remedy = "leave encrypt=disable out"
            return [
                .enter(.tls), fail(SQLServerVerdict(.tlsUnsupported, "the server demands TLS: \(remedy)")),
            ]
        case (.disable, _): return logIn()
        case (.login, .notSupported), (.whole, .off), (.whole, .notSupported):
            let remedy = "switch it on there, or write encrypt=disable to go without"
            return [
                .enter(.tls),
                fail(SQLServerVerdict(.tlsUnsupported, "the server does not offer TLS: \(remedy)")),
            ]
        case (.login, .off): endsTLS = true
        case (.login, _), (.whole, _): break
        }
        stage = .requestingTLS
        return [.enter(.tls), .startTLS]
    }

    private mutating func logIn() -> [ProbeStep] {
        stage = .loggingIn
        tokens.begin()
        reader = SQLServerAnswerReader()
        let message = TDSFrontend.login(login, isStrict: login.encryption == .strict)
        return [.enter(.authenticate), .send(message)] + (endsTLS ? [.endTLS] : [])
    }

    private mutating func hear(_ part: TDSPacketReader.Part) throws(TDSWireError) -> [ProbeStep] {
        tokens.append(part)
        while let token = try tokens.next() {
            reader.take(token)
            switch token {
            case .change(let change): take(change)
            case .loginAccepted: isLoggedIn = true
            case .otherLogin(let kind) where stage == .loggingIn:
                let message = "the server wants a login by \(kind), which is not supported"
                return [fail(SQLServerVerdict(.authFailed, message))]
            default: break
            }
        }
        guard part.isLast else { return [] }
        guard reader.done?.hasMore == false else { throw .malformed("an answer without an end") }
        if isGivingUp {
            // What came to its end just before the server heard us is followed by its word that it has.
            guard reader.done?.isAttention == true else {
                tokens.begin()
                return []
            }
            isGivingUp = false
        }
        return stage == .loggingIn ? try begin() : conclude(reader.answer)
    }

    private mutating func take(_ change: TDSChange) {
        switch change {
        case .packetLength(let length) where (512...TDSPacket.longest).contains(length):
            packetLength = min(length, TDSPacket.usualLength)
        case .transaction(let number): transaction = number
        case .routing(let host, let port) where stage == .loggingIn && !host.isEmpty && port > 0:
            route = Route(host: String(host.prefix(255)), port: port)
        default: break
        }
    }

    private mutating func begin() throws(TDSWireError) -> [ProbeStep] {
        guard isLoggedIn else {
            guard let error = reader.answer.error else { throw .malformed("its answer to the login") }
            return refuse(error)
        }
        if let route {
            let message = "the server sends us to \(route.host):\(route.port)"
            return [.note(message), fail(SQLServerVerdict(.backendUnavailable, code: "routing", message))]
        }
        stage = .asking
        waiting = plan(server)
        return [.enter(.session)] + askNext()
    }

    private mutating func refuse(_ error: SQLServerError) -> [ProbeStep] {
        let state = error.number == 18_456 && error.state > 1 ? " (state \(error.state))" : ""
        let verdict = SQLServerVerdict(
            SQLServerCause.of(error, at: .login), code: error.code, error.reason + state)
        let isAboutDatabase = SQLServerCause.isAboutDatabase(error)
        return (isAboutDatabase ? [.enter(.session)] : []) + [fail(verdict)]
    }
}

// MARK: The session

extension SQLServerDialogue {
    private mutating func conclude(_ answer: SQLServerAnswer) -> [ProbeStep] {
        guard stage == .asking else { return take(answer) }
        guard let asked else { return [] }
        switch asked.conclude(answer, &server) {
        case .goOn(let steps, let next):
            waiting.insert(contentsOf: next, at: 0)
            return steps + askNext()
        case .fault(let verdict):
            return [fail(verdict)]
        case .verdict(let verdict, let steps):
            waiting = []
            return steps + measure(verdict)
        }
    }

    private mutating func askNext() -> [ProbeStep] {
        guard !waiting.isEmpty else { return measure() }
        let next = waiting.removeFirst()
        asked = next
        return [.enter(next.phase), send(next.text, SQLServerLimits())]
    }

    mutating func send(_ text: String, _ limits: SQLServerLimits) -> ProbeStep {
        tokens.begin()
        reader = SQLServerAnswerReader(limits: limits)
        return .send(TDSFrontend.batch(text, in: transaction, length: packetLength))
    }
}
