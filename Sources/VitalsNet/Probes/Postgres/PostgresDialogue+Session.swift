import NIOCore
import VitalsCore

extension PostgresDialogue {
    /// Proves that something can be read, whatever the user may see.
    static let readQuery = "SELECT 1"
    /// The same of PgBouncer's console, which takes nothing else.
    static let consoleQuery = "SHOW VERSION"
    private static let mostRows = 16
    private static let mostMeasuredRows = 1_000

    mutating func handle(_ message: PostgresMessage) -> [ProbeStep] {
        switch message {
        case .error(let error): return handle(error)
        case .authentication(let request): return authenticate(request)
        case .other: return []
        case .parameter(let name, let value):
            server.learn(name, value)
            return []
        case .backendKey(let key):
            server.key = key
            return []
        case .row(let columns):
            return take(columns)
        case .columns(let columns):
            self.columns = columns
            return []
        case .commandComplete: return []
        case .readyForQuery: return proceed()
        }
    }

    private mutating func take(_ row: [String?]) -> [ProbeStep] {
        let most = stage == .measuring ? Self.mostMeasuredRows : Self.mostRows
        guard isQuerying, rows.count < most else {
            return [fail(.unexpectedReply, "the server sent rows that were not asked for")]
        }
        if !asking.isTooMuch(row) { rows.append(row) }
        return []
    }

    private mutating func proceed() -> [ProbeStep] {
        guard !asking.isGoingOn(as: stage) else { return [] }
        defer { rows = [] }
        switch stage {
        case .starting where server.isPoolerConsole:
            stage = .reading
            let version = server.shortVersion.map { [ProbeStep.fact(.serverVersion, .text($0))] } ?? []
            return version + [
                .fact(.pooler, .text("pgbouncer")), .enter(.read),
                .send(PostgresFrontend.query(Self.consoleQuery)),
            ]
        case .starting:
            stage = .identifying
            let version = server.shortVersion.map { [ProbeStep.fact(.serverVersion, .text($0))] } ?? []
            return version + [.send(PostgresFrontend.query(PostgresIdentityQuery.text))]
        case .identifying:
            stage = .reading
            server.isReplica = PostgresIdentityQuery.isReplica(rows: rows, of: server)
            return PostgresIdentityQuery.steps(rows: rows, of: server) + [
                .enter(.read), .send(PostgresFrontend.query(Self.readQuery)),
            ]
        case .reading:
            guard rows == [["1"]] || server.isPoolerConsole else {
                return [fail(.unexpectedReply, "the server answered SELECT 1 with something else than 1")]
            }
            return measure()
        case .measuring:
            return goOn()
        case .requestingTLS, .loggingIn, .provingPassword, .over:
            return [fail(.protocolMismatch, "the server broke the PostgreSQL protocol during the login")]
        }
    }

    private mutating func handle(_ error: PostgresServerError) -> [ProbeStep] {
        if stage == .measuring {
            if refusal == nil { refusal = error }
            return []
        }
        if stage == .identifying, PostgresIdentityQuery.isBearable(error) {
            return [.note("who the server is could not be asked: \(error.message) (\(error.code))")]
        }
        let moment: PostgresCause.Moment =
            switch stage {
            case .requestingTLS, .loggingIn, .provingPassword: .login
            case .starting: .start
            case .identifying, .reading, .measuring, .over: .query
            }
        let cause = PostgresCause.of(error, at: moment)
        let message = error.message.isEmpty ? "the server gave no reason" : error.message
        return [fail(cause, code: error.code.isEmpty ? nil : error.code, message + hint(for: cause, error))]
    }

    /// Whether it is the login's tie to the server's certificate that the server does not like.
    private var isBindingRefused: Bool {
        stage == .provingPassword(.sentFinal) && scram.binding != .none
    }

    /// What would mend it, where the server's own words do not say.
    private func hint(for cause: Cause, _ error: PostgresServerError) -> String {
        switch cause {
        case .authFailed where PostgresCause.isForWantOfCertificate(error):
            " (write sslcert and sslkey)"
        case .authFailed where error.code == "28000" && isBindingRefused:
            " (is TLS ended by something between us and the server? channel_binding=disable goes without)"
        case .hostBlocked where !login.isEncrypted && login.isOnNetwork:
            " (the connection is not encrypted: sslmode=require may be what is missing)"
        case .tlsUnsupported: " (write sslmode=require)"
        default: ""
        }
    }
}
