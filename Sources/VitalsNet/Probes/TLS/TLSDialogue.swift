import NIOCore
import VitalsCore

/// Shakes hands and says goodbye: TLS from the first byte, or from where a protocol is asked to begin it.
///
/// Phases: `greeting` is the server's first word, `request` our asking for TLS, `tls` the handshake.
/// PostgreSQL does not greet.
struct TLSDialogue: ProbeDialogue {
    /// How far the asking for TLS has got.
    enum Stage: Equatable {
        case greeting
        /// SMTP tells what it can do before it is asked for TLS.
        case capabilities(offersTLS: Bool)
        case asking, over
    }

    let upgrade: StartTLS?
    private let days: CertificateDays
    var stage = Stage.greeting
    private var reader = LineReader()
    private var peer: TLSPeer?

    /// - Parameter upgrade: nothing: TLS begins with the first byte.
    init(_ upgrade: StartTLS?, days: CertificateDays) {
        self.upgrade = upgrade
        self.days = days
    }

    mutating func met(_ peer: TLSPeer) {
        self.peer = peer
    }

    mutating func opened() -> [ProbeStep] {
        switch upgrade {
        case nil: return judge()
        case .postgres: return ask(PostgresFrontend.sslRequest)
        default: return [.enter(.greeting)]
        }
    }

    mutating func secured() -> [ProbeStep] { judge() }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        guard let upgrade else { return [] }
        if upgrade == .postgres { return answerOfPostgres(&input) }
        var steps: [ProbeStep] = []
        while stage != .over {
            if stage == .greeting, let first = input.readableBytesView.first, !upgrade.greets(with: first) {
                return [failForeign(upgrade, input)]
            }
            do {
                guard let line = try reader.next(from: &input) else { break }
                steps += read(line, of: upgrade, hasMore: input.readableBytes > 0)
            } catch {
                steps.append(fail(.unexpectedReply, "the server \(error.message)"))
            }
        }
        return steps
    }

    /// Asks for TLS, or for what the server can do.
    mutating func ask(_ bytes: ByteBuffer, then stage: Stage = .asking) -> [ProbeStep] {
        self.stage = stage
        return [.enter(.request), .send(bytes)]
    }

    /// The verdict before the handshake.
    mutating func fail(_ cause: Cause, code: String? = nil, _ message: String) -> ProbeStep {
        let isUnderWay = stage != .over && stage != .greeting
        stage = .over
        return .fail(cause, code: code, message: message, farewell: isUnderWay ? upgrade?.farewell : nil)
    }

    mutating func failForeign(_ upgrade: StartTLS, _ input: ByteBuffer) -> ProbeStep {
        let name = ForeignPeer.description(
            of: Array(input.readableBytesView.prefix(256)), after: Array(upgrade.firstWord.utf8))
        return fail(.protocolMismatch, "not \(upgrade.serverName): this is \(name)")
    }

    private mutating func judge() -> [ProbeStep] {
        stage = .over
        guard let peer, let certificate = peer.certificate else {
            return [.fail(.tlsHandshake, message: "the certificate of the server cannot be read")]
        }
        let farewell = upgrade?.farewell
        let verdict =
            days.complaint(about: peer).map { complaint in
                ProbeStep.fail(complaint.cause, message: complaint.message, farewell: farewell)
            } ?? .pass(farewell: farewell)
        return Self.facts(of: certificate, peer) + [verdict]
    }

    /// Beside those that every connection with TLS has.
    private static func facts(of certificate: CertificateFacts, _ peer: TLSPeer) -> [ProbeStep] {
        let soonest = peer.chain.map { $0.daysLeft(at: peer.metAt) }.min() ?? 0
        let key = certificate.key.map { [ProbeStep.fact(.certificateKey, .text($0))] } ?? []
        return [.fact(.certificateIssuer, .text(certificate.issuer))] + key + [
            .fact(.certificateChainLength, .number(peer.chain.count)),
            .fact(.certificateChainDaysLeft, .number(soonest)),
        ]
    }
}
