import NIOCore
import NIOPosix
import VitalsCore

/// The search for the addresses of one whole name: both kinds of address asked at once, one server after the
/// other until one answers, by TCP what is too long for a datagram. Confined to its event loop.
final class DNSLookup {
    struct Plan {
        /// In the order in which they are asked; each as often as it stands here.
        let servers: [SocketAddress]
        /// Which kinds of address are wanted.
        let family: IPFamily
        let retryEvery: TimeAmount
        /// From the last question to giving up.
        let patience: TimeAmount
    }

    /// What became of it, and for how many seconds that may be believed.
    enum Ending {
        case found([SocketAddress], ttl: UInt32)
        case noAddress(ttl: UInt32)
        case noSuchName(ttl: UInt32)
        /// A server answered that it could not tell.
        case untold(message: String)
        /// There was no answer.
        case failed(Cause, message: String)
    }

    let name: String
    private let plan: Plan
    private let eventLoop: any EventLoop
    /// Told once.
    private let done: (Ending) -> Void
    /// Told of a server that was silent or is not there.
    private let blame: (SocketAddress) -> Void

    private var asked = 0
    private var sockets: [any Channel] = []
    private var answers: [DNSKind: DNSAnswer] = [:]
    private var refusal: Ending?
    private var timer: Scheduled<Void>?
    private var isOver = false

    /// How long an answer with addresses waits for the one of the other kind (as RFC 8305, 3, more
    /// patiently).
    private static let graceForOther = TimeAmount.milliseconds(100)

    init(
        _ name: String, _ plan: Plan, eventLoop: any EventLoop, blame: @escaping (SocketAddress) -> Void,
        done: @escaping (Ending) -> Void
    ) {
        self.name = name
        self.plan = plan
        self.eventLoop = eventLoop
        self.blame = blame
        self.done = done
    }

    func begin() {
        askNext()
    }

    /// Nobody waits any more.
    func cancel() {
        isOver = true
        timer?.cancel()
        for socket in sockets { socket.close(promise: nil) }
        sockets = []
    }

    private func askNext() {
        guard !isOver else { return }
        timer?.cancel()
        guard asked < plan.servers.count else { return settle() }
        let server = plan.servers[asked]
        asked += 1
        ask(server)
        let isLast = asked == plan.servers.count
        timer = eventLoop.assumeIsolated().scheduleTask(in: isLast ? plan.patience : plan.retryEvery) {
            [self] in
            blame(server)
            askNext()
        }
    }

    private func ask(_ server: SocketAddress) {
        let questions = plan.family.kinds.map { DNSQuestion(name: name, kind: $0) }
        let exchange = NIOLoopBound(DNSExchange(questions, server, for: self), eventLoop: eventLoop)
        DatagramBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(exchange.value)
                }
            }
            .connect(to: server)
            .assumeIsolated()
            .whenComplete { [self] result in
                if case .failure(let error) = result { lost(server, error) }
                keep(result)
            }
    }

    /// Asks by TCP for the whole of an answer; the time for it is that of the question before.
    private func askForWhole(_ question: DNSQuestion, _ server: SocketAddress) {
        let exchange = NIOLoopBound(DNSStreamExchange(question, server, for: self), eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(exchange.value)
                }
            }
            .connect(to: server)
            .assumeIsolated()
            .whenComplete { [self] result in
                if case .failure = result { receivedWhole(nil, to: question, from: server) }
                keep(result)
            }
    }

    private func keep(_ result: Result<any Channel, any Error>) {
        guard case .success(let channel) = result else { return }
        if isOver { channel.close(promise: nil) } else { sockets.append(channel) }
    }

    /// A server cannot be reached.
    func lost(_ server: SocketAddress, _ error: any Error) {
        guard !isOver else { return }
        let fault = SocketFault(connectingTo: "name server \(server.text)", error)
        refusal = .failed(fault.cause == .internal ? .internal : .dnsFailure, message: fault.message)
        blame(server)
        askNext()
    }

    func received(_ answer: DNSAnswer, to question: DNSQuestion, from server: SocketAddress) {
        guard !isOver else { return }
        switch answer {
        case .failure(let code):
            refuse("could not resolve \(name) (\(code.text))", question, server)
        case .truncated:
            answers[question.kind] = answer
            askForWhole(question, server)
        case .noSuchName:
            answers[question.kind] = answer
            settle()
        case .addresses, .noAddress:
            answers[question.kind] = answer
            accepted(answer)
        }
    }

    /// What came by TCP; nothing if nothing did. Then the addresses that there was room for are enough.
    func receivedWhole(_ answer: DNSAnswer?, to question: DNSQuestion, from server: SocketAddress) {
        guard !isOver else { return }
        if let answer {
            guard case .truncated = answer else { return received(answer, to: question, from: server) }
        }
        guard case .truncated(let addresses, let ttl)? = answers[question.kind], !addresses.isEmpty else {
            return refuse("gave only a part of its answer about \(name)", question, server)
        }
        let part = DNSAnswer.addresses(addresses, ttl: ttl)
        answers[question.kind] = part
        accepted(part)
    }

    private func refuse(_ what: String, _ question: DNSQuestion, _ server: SocketAddress) {
        refusal = .untold(message: "name server \(server.text) \(what)")
        // Both kinds fail together, as a rule: the next server is asked once for both.
        switch answers[question.kind] {
        case .truncated, nil: answers[question.kind] = .failure(.serverFailure)
        default: break
        }
        if isAnswered { retryFailed() }
    }

    private func accepted(_ answer: DNSAnswer) {
        if isAnswered { return isSettled ? settle() : retryFailed() }
        guard case .addresses = answer else { return }
        timer?.cancel()
        timer = eventLoop.assumeIsolated().scheduleTask(in: Self.graceForOther) { [self] in settle() }
    }

    /// Whether there is an answer of each kind, and none of them is yet to come as a whole.
    private var isAnswered: Bool {
        answers.count == plan.family.kinds.count
            && !answers.values.contains { if case .truncated = $0 { true } else { false } }
    }

    private var isSettled: Bool {
        answers.values.contains { if case .addresses = $0 { true } else { false } }
            || !answers.values.contains { if case .failure = $0 { true } else { false } }
    }

    private func retryFailed() {
        guard !isSettled, asked < plan.servers.count else { return settle() }
        answers = answers.filter { if case .failure = $0.value { false } else { true } }
        askNext()
    }

    /// Says what has been found with what is there.
    private func settle() {
        guard !isOver else { return }
        cancel()
        done(ending)
    }

    private var ending: Ending {
        var addresses: [SocketAddress] = []
        var ttl = (presence: UInt32.max, absence: UInt32.max)
        var isUnknown = false
        var isKnown = answers.count == plan.family.kinds.count
        for answer in answers.values {
            switch answer {
            case .addresses(let found, let seconds), .truncated(let found, let seconds):
                addresses += found
                if !found.isEmpty { ttl.presence = min(ttl.presence, seconds) } else { isKnown = false }
            case .noAddress(let seconds):
                ttl.absence = min(ttl.absence, seconds)
            case .noSuchName(let seconds):
                isUnknown = true
                ttl.absence = min(ttl.absence, seconds)
            case .failure:
                isKnown = false
            }
        }
        if !addresses.isEmpty { return .found(addresses, ttl: ttl.presence) }
        if isUnknown { return .noSuchName(ttl: ttl.absence) }
        if isKnown { return .noAddress(ttl: ttl.absence) }
        return refusal ?? .failed(.dnsFailure, message: "no answer about \(name) from \(serverList)")
    }

    private var serverList: String {
        var seen: Set<String> = []
        return plan.servers.map(\.text).filter { seen.insert($0).inserted }.joined(separator: ", ")
    }
}
