import NIOCore
import VitalsCore

/// One session with a MySQL or MariaDB server: log in, then one statement after the other.
///
/// Phases: `greeting` until the server has said who it is; `tls`; `authenticate` from our answer to the OK;
/// `session` is the question who it is; `read` is the prober's row, or `SELECT 1`; `write` changes that row.
/// A database that is not to be had is a fault of `session`, though the server opens it with the login.
struct MySQLDialogue: ProbeDialogue {
    enum Stage: Equatable {
        case greeting, requestingTLS, provingPassword, awaitingKey, sealing, asking, measuring, over
    }

    let login: MySQLLogin
    var stage = Stage.greeting
    var decoder = MySQLPacketDecoder()
    var greeting: MySQLGreeting?
    /// What is known of the server, from its greeting on.
    var server: MySQLServer?
    var proof = MySQLProof()
    /// What is to be asked of a server that has let us in.
    let plan: @Sendable (MySQLServer) -> [MySQLStatement]
    /// What is not asked yet, in order.
    var waiting: [MySQLStatement] = []
    /// What is being answered.
    var asked: MySQLStatement?
    var reader = MySQLResultReader(limits: MySQLLimits())
    let measuring: MySQLMeasuring
    /// With whom TLS was agreed on.
    var peer: TLSPeer?
    /// What is measured once nothing of the plan is left.
    var examination: Examination?
    /// What is to be said to the session before.
    var preparations: [String] = []
    var asking: Asking?
    /// How far a statement of the check's author is.
    var own: OwnAsking?
    /// Whether the session has the limits of such a statement.
    var isBoundForOwn = false
    /// One of ours that waits for the session's own limits.
    var postponed: String?

    /// - Parameters:
    ///   - plan: default: who the server is, and whether it can be read from.
    ///   - measuring: default: nothing.
    init(
        _ login: MySQLLogin,
        plan: @escaping @Sendable (MySQLServer) -> [MySQLStatement] = { MySQLDemand().plan($0) },
        measuring: MySQLMeasuring = MySQLMeasuring()
    ) {
        self.login = login
        self.plan = plan
        self.measuring = measuring
    }

    mutating func met(_ peer: TLSPeer) {
        self.peer = peer
    }

    mutating func opened() -> [ProbeStep] {
        [.enter(.greeting)]
    }

    mutating func secured() -> [ProbeStep] {
        logIn()
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        // What follows a request for TLS has come without it: the connection sees to that.
        while stage != .over, stage != .requestingTLS {
            do {
                guard let packet = try decoder.next(from: &input) else { break }
                steps += handle(packet)
            } catch {
                steps.append(fail(error))
            }
        }
        return steps
    }

    /// A statement that nobody waits for is not left to run: it may wait for a lock for hours.
    mutating func timedOut() -> [ProbeStep] {
        let held: String? =
            switch stage {
            case .asking: asked.flatMap { $0.isAbandonedAtDeadline ? $0.text : nil }
            case .measuring: asking?.text
            default: nil
            }
        guard let held else { return [] }
        let steps = giveUp(held)
        guard stage == .asking, let server, let verdict = asked?.overdue(server) else { return steps }
        return steps + [fail(verdict.cause, code: verdict.code, verdict.message)]
    }

    /// Asks the server to end a statement, on a connection of its own.
    func giveUp(_ text: String) -> [ProbeStep] {
        guard let connection = server?.connection else { return [] }
        let errand = ProbeErrand("kill \(connection)") { [login] in
            MySQLDialogue(login) { _ in [.kill(connection, at: text)] }
        }
        return [.note("asking the server to give up the query"), .errand(errand)]
    }

    mutating func ended() -> [ProbeStep] {
        let moment =
            switch stage {
            case .greeting: "before greeting"
            case .requestingTLS: "before TLS stood"
            case .provingPassword, .awaitingKey, .sealing: "during the login"
            case .asking, .measuring, .over: "during a query"
            }
        return [fail(.reset, "the server closed the connection \(moment)")]
    }

    mutating func cutShort(_ reason: String) -> [Vital] {
        examination?.cutShort(reason) ?? []
    }

    var answers: [OwnAnswer] { examination?.answers ?? [] }

    /// The verdict. A server that has let us in is told goodbye.
    mutating func fail(_ cause: Cause, code: String? = nil, _ message: String) -> ProbeStep {
        let isLoggedIn = stage == .asking || stage == .measuring
        stage = .over
        return .fail(
            cause, code: code, message: message, farewell: isLoggedIn ? MySQLFrontend.quit : nil)
    }

    mutating func failMalformed(_ what: String) -> ProbeStep {
        fail(.protocolMismatch, "the server broke the MySQL protocol with \(what)")
    }

    private mutating func handle(_ packet: ByteBuffer) -> [ProbeStep] {
        switch stage {
        case .greeting: greet(packet)
        case .provingPassword, .awaitingKey, .sealing: authenticate(packet)
        case .asking, .measuring: answer(packet)
        case .requestingTLS, .over: []
        }
    }
}

// MARK: Before the login

extension MySQLDialogue {
    private mutating func greet(_ packet: ByteBuffer) -> [ProbeStep] {
        if let error = MySQLServerError(packet) { return [fail(error)] }
        guard let greeting = MySQLGreeting(packet) else { return [failMalformed("its greeting")] }
        let needed: MySQLCapabilities = [.protocol41, .secureConnection]
        guard greeting.capabilities.isSuperset(of: needed) else {
            let server = Printable.prefix(greeting.serverVersion, bytes: 40)
            return [fail(.protocolMismatch, "the server is too old to be logged in to: \(server)")]
        }
        self.greeting = greeting
        let server = MySQLServer(greeting)
        self.server = server
        decoder.stage = .login
        let facts: [ProbeStep] =
            server.version.isEmpty ? [] : [.fact(.serverVersion, .text(server.version))]
        return facts + [.fact(.serverFlavour, .text(server.flavour.rawValue))] + secureOrLogIn(greeting)
    }

    private mutating func secureOrLogIn(_ greeting: MySQLGreeting) -> [ProbeStep] {
        guard login.isEncrypted else { return logIn() }
        guard greeting.capabilities.contains(.tls) else {
            let remedy = "switch it on there, or write ssl-mode=disable to go without"
            return [.enter(.tls), fail(.tlsUnsupported, "the server does not offer TLS: \(remedy)")]
        }
        stage = .requestingTLS
        let request = MySQLFrontend.tlsRequest(
            greeting.capabilities.agreed(to: login), number: decoder.takeNumber())
        return [.enter(.tls), .send(request), .startTLS]
    }

    private mutating func fail(_ error: MySQLWireError) -> ProbeStep {
        switch error {
        case .malformed(let what): return failMalformed(what)
        case .tooLong: return fail(.unexpectedReply, "the server sent a row of more than 64 KiB")
        case .foreign(let bytes):
            guard ForeignPeer.protocolName(of: bytes) != "MySQL" else { return failMalformed("its greeting") }
            let name = ForeignPeer.description(of: bytes, after: [])
            return fail(.protocolMismatch, "not a MySQL server: this is \(name)")
        }
    }
}
