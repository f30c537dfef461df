import NIOCore
import VitalsCore

/// One session with a PostgreSQL server, in the simple protocol 3.0: log in, ask who it is, read.
///
/// Phases: `tls` begins with the SSLRequest; `authenticate` with the startup message, up to AuthenticationOk;
/// `session` is the opening of the database and the question who it is; `read` is `SELECT 1`. A server that
/// cannot say who it is costs facts, not the verdict.
struct PostgresDialogue: ProbeDialogue {
    enum Stage: Equatable {
        case requestingTLS, loggingIn, provingPassword(Scram), starting, identifying, reading, measuring, over
    }

    /// How far a SCRAM login is.
    enum Scram: Equatable {
        case sentFirst, deriving(ScramChallenge), sentFinal, verified
    }

    let login: PostgresLogin
    var stage: Stage
    var decoder = PostgresMessageDecoder()
    var scram: ScramExchange
    /// Of the server's certificate, once TLS stands.
    var endPointHash: [UInt8]?
    let nonce: String
    var server = PostgresServerIdentity()
    var rows: [[String?]] = []
    /// What the rows are made of.
    var columns: [VitalQuestion.Column] = []
    /// What is asked once the server has been read from.
    let plan: PostgresPlan
    /// With whom TLS was agreed on.
    var peer: TLSPeer?
    /// How far the question is that is being asked, and since when.
    var asking = Asking()
    /// Whether a transaction may be left open that was to be begun for a question.
    var isToRollBack = false
    /// What is measured once the server has been read from.
    var examination: Examination?
    /// A question of it that the server would not answer; the first reason counts.
    var refusal: PostgresServerError?

    /// - Parameters:
    ///   - nonce: for SCRAM: printable, without a comma, never used before.
    ///   - plan: default: nothing is measured.
    init(_ login: PostgresLogin, nonce: String, plan: PostgresPlan = PostgresPlan()) {
        self.login = login
        self.plan = plan
        server.user = login.user
        stage = login.isEncrypted ? .requestingTLS : .loggingIn
        self.nonce = nonce
        scram = ScramExchange(nonce: nonce, binding: .none)
    }

    mutating func met(_ peer: TLSPeer) {
        endPointHash = peer.certificate?.endPointHash
        self.peer = peer
    }

    mutating func opened() -> [ProbeStep] {
        login.isEncrypted ? [.enter(.tls), .send(PostgresFrontend.sslRequest)] : logIn()
    }

    mutating func secured() -> [ProbeStep] {
        logIn()
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        while stage != .over {
            if stage == .requestingTLS, let answer = answerToSSLRequest(&input) { return answer }
            do {
                guard let message = try decoder.next(from: &input) else { break }
                steps += handle(message)
            } catch {
                steps.append(fail(error))
            }
        }
        return steps
    }

    /// A query that nobody waits for is not left to run: it may hold a place, or wait for a lock, for hours.
    mutating func timedOut() -> [ProbeStep] {
        guard isQuerying, let key = server.key else { return [] }
        let errand = ProbeErrand("cancel \(key.processID)") { [isEncrypted = login.isEncrypted] in
            PostgresCancelDialogue(key: key, isEncrypted: isEncrypted)
        }
        return [.note("asking the server to give up the query"), .errand(errand)]
    }

    mutating func ended() -> [ProbeStep] {
        let moment =
            switch stage {
            case .requestingTLS: "before answering the request for TLS"
            case .loggingIn where !decoder.hasRead: "before answering"
            case .loggingIn, .provingPassword: "during the login"
            case .starting: "while opening the database"
            case .identifying, .reading, .measuring, .over: "during a query"
            }
        return [fail(.reset, "the server closed the connection \(moment)")]
    }

    mutating func cutShort(_ reason: String) -> [Vital] {
        examination?.cutShort(reason) ?? []
    }

    var answers: [OwnAnswer] { examination?.answers ?? [] }

    /// Whether the server has let us in, and something is asked of it.
    var isQuerying: Bool { stage == .identifying || stage == .reading || stage == .measuring }

    /// The verdict. A server that has let us in is told goodbye.
    mutating func fail(_ cause: Cause, code: String? = nil, _ message: String) -> ProbeStep {
        let isLoggedIn = isQuerying
        stage = .over
        return .fail(
            cause, code: code, message: message, farewell: isLoggedIn ? PostgresFrontend.terminate : nil)
    }
}

// MARK: Before the login

extension PostgresDialogue {
    private mutating func logIn() -> [ProbeStep] {
        stage = .loggingIn
        return [.enter(.authenticate), .send(startup)]
    }

    private var startup: ByteBuffer {
        PostgresFrontend.startup(
            user: login.user, database: login.database, applicationName: login.applicationName)
    }

    /// - Returns: nothing when the answer is an error message, or has not come.
    private mutating func answerToSSLRequest(_ input: inout ByteBuffer) -> [ProbeStep]? {
        guard let answer = input.getInteger(at: input.readerIndex, as: UInt8.self) else { return [] }
        guard answer != UInt8(ascii: "E") else { return nil }
        // Whatever follows the one byte would seem to have come through the TLS that does not stand yet
        // (CVE-2021-23222); and no PostgreSQL server says more.
        guard input.readableBytes == 1, answer == UInt8(ascii: "S") || answer == UInt8(ascii: "N") else {
            return [fail(.foreign(Array(input.readableBytesView.prefix(256))))]
        }
        input.moveReaderIndex(forwardBy: 1)
        guard answer == UInt8(ascii: "S") else {
            let remedy = "switch it on there (ssl = on), or write sslmode=disable to go without"
            return [fail(.tlsUnsupported, "the server does not offer TLS: \(remedy)")]
        }
        return [.startTLS]
    }

    private mutating func fail(_ error: PostgresWireError) -> ProbeStep {
        switch error {
        case .foreign(let bytes):
            // A postmaster that cannot start a process says so in the form of protocol 2: E, text, zero.
            if bytes.count >= 5, bytes[0] == UInt8(ascii: "E"), bytes[1...4].allSatisfy({ $0 >= 0x20 }) {
                let text = bytes.dropFirst().prefix { $0 != 0 && $0 != 10 }
                return fail(.backendUnavailable, String(decoding: text, as: UTF8.self))
            }
            let sent = Array(
                (stage == .requestingTLS ? PostgresFrontend.sslRequest : startup).readableBytesView)
            let name = ForeignPeer.description(of: bytes, after: sent)
            return fail(.protocolMismatch, "not a PostgreSQL server: this is \(name)")
        case .tooLong:
            return fail(.unexpectedReply, "the server sent a row of more than 64 KiB")
        case .malformed(let type):
            return fail(
                .protocolMismatch,
                "the server broke the PostgreSQL protocol with a message of type \(Self.name(type))")
        }
    }

    static func name(_ type: UInt8) -> String {
        (0x21...0x7E).contains(type) ? "'\(Unicode.Scalar(type))'" : "\(type)"
    }
}
