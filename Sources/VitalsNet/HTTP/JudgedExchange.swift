import NIOCore
import VitalsCore
import VitalsEngine

/// An exchange whose whole response is judged by what it says.
struct JudgedExchange: HTTPExchange {
    typealias Judge = @Sendable (HTTPResponse) -> HTTPVerdict

    private var exchange: any HTTPExchange
    private let judge: Judge
    /// In the place of those of HTTP, where the request is a part of something larger.
    private let phase: Phase?
    /// The names of the vitals that are to be measured.
    private let due: Set<String>
    private var peer: TLSPeer?
    /// Once the response is there.
    private(set) var verdict: HTTPVerdict?

    private static let excerpt = 512

    /// - Parameters:
    ///   - exchange: whatever its status, with the body.
    ///   - phase: default: `request`, `first_byte` and `body`.
    init(
        _ exchange: any HTTPExchange, as phase: Phase? = nil, measuring due: Set<String> = [],
        judge: @escaping Judge
    ) {
        self.exchange = exchange
        self.phase = phase
        self.due = due
        self.judge = judge
    }

    var response: HTTPResponse? { exchange.response }

    mutating func negotiated(_ name: String?) { exchange.negotiated(name) }

    mutating func met(_ peer: TLSPeer) {
        self.peer = peer
        exchange.met(peer)
    }

    mutating func opened() -> [ProbeStep] { judged(exchange.opened()) }
    mutating func secured() -> [ProbeStep] { judged(exchange.secured()) }
    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] { judged(exchange.received(&input)) }
    mutating func ended() -> [ProbeStep] { judged(exchange.ended()) }
    mutating func timedOut() -> [ProbeStep] { judged(exchange.timedOut()) }

    func observe(_ observation: inout Observation) { exchange.observe(&observation) }

    private mutating func judged(_ steps: [ProbeStep]) -> [ProbeStep] {
        var judged: [ProbeStep] = []
        for step in steps {
            switch step {
            case .enter(let entered): judged.append(.enter(phase ?? entered))
            case .pass(let farewell): judged += conclusion(farewell)
            default: judged.append(step)
            }
        }
        return judged
    }

    private mutating func conclusion(_ farewell: ByteBuffer?) -> [ProbeStep] {
        guard let response = exchange.response else {
            preconditionFailure("a pass without a response")
        }
        guard !response.isCut else {
            return [
                .fail(
                    .unexpectedReply,
                    message: "answered more than the \(response.body.readableBytes) bytes that are read",
                    farewell: farewell)
            ]
        }
        let verdict = judge(response)
        self.verdict = verdict
        let facts = verdict.facts.entries.map { ProbeStep.fact($0.name, $0.value) }
        if let complaint = verdict.complaint {
            return facts + (complaint.phase.map { [.enter($0)] } ?? []) + note(on: response) + [
                .fail(complaint.cause, code: complaint.code, message: complaint.message, farewell: farewell)
            ]
        }
        let measured = (verdict.vitals + CertificateVital.vitals(of: peer)).filter { due.contains($0.name) }
        guard !measured.isEmpty else { return facts + [.pass(farewell: farewell)] }
        return facts + [.decide()] + measured.map { .vital($0) } + [.pass(farewell: farewell)]
    }

    /// The start of the body, for the trace of a failure.
    private func note(on response: HTTPResponse) -> [ProbeStep] {
        let start = String(decoding: response.body.readableBytesView.prefix(Self.excerpt), as: UTF8.self)
        return start.isEmpty ? [] : [.note("the body begins: \(start)")]
    }
}

extension JudgedExchange {
    /// One run that is one such exchange; to be called on the event loop of `loop`.
    static func start(
        _ target: ProbeTarget, _ exchange: JudgedExchange, _ job: ProbeJob, on loop: NetworkLoop,
        done: @escaping (ProbeResult) -> Void
    ) -> ProbeCancellation {
        ProbeConnection.start(
            target, exchange, timeout: job.timeout, vitalsTimeout: job.vitalsTimeout, on: loop
        ) { result, dialogue in
            var result = result
            if result.fault != nil {
                result.retryAfter = (dialogue as? JudgedExchange)?.verdict?.retryAfter
            }
            done(result)
        }
    }
}
