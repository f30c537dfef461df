import NIOCore
import NIOPosix
import VitalsCore

/// The search for the addresses of one name: both kinds of address asked at once, one server after the other
/// until one answers, whatever number of runs waits for it. Confined to its event loop.
final class DNSLookup {
    struct Plan {
        /// In the order in which they are asked; each as often as it stands here.
        let servers: [SocketAddress]
        let retryEvery: TimeAmount
        /// From the last question to giving up.
        let patience: TimeAmount
    }

    let name: String
    private let plan: Plan
    private let eventLoop: any EventLoop
    /// Told once: what was found, and for how many seconds it may be kept.
    private let done: (Resolution, _ ttl: UInt32) -> Void
    /// Told of a server that was silent or is not there.
    private let blame: (SocketAddress) -> Void

    private var asked = 0
    private var sockets: [any Channel] = []
    private var answers: [DNSQuestion.Kind: DNSAnswer] = [:]
    private var refusal: (cause: Cause, message: String)?
    private var timer: Scheduled<Void>?
    private var isOver = false

    /// How long an answer with addresses waits for the one of the other kind (as RFC 8305, 3, more
    /// patiently).
    private static let graceForOther = TimeAmount.milliseconds(100)

    init(
        _ name: String, _ plan: Plan, eventLoop: any EventLoop, blame: @escaping (SocketAddress) -> Void,
        done: @escaping (Resolution, _ ttl: UInt32) -> Void
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
        let exchange = NIOLoopBound(DNSExchange(name, server, for: self), eventLoop: eventLoop)
        DatagramBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(exchange.value)
                }
            }
            .connect(to: server)
            .assumeIsolated()
            .whenComplete { [self] result in
                switch result {
                case .success(let channel) where isOver: channel.close(promise: nil)
                case .success(let channel): sockets.append(channel)
                case .failure(let error): lost(server, error)
                }
            }
    }

    /// A server cannot be reached.
    func lost(_ server: SocketAddress, _ error: any Error) {
        guard !isOver else { return }
        let fault = SocketFault(connectingTo: "name server \(server.text)", error)
        refusal = (fault.cause == .internal ? .internal : .dnsFailure, fault.message)
        blame(server)
        askNext()
    }

    func received(_ answer: DNSAnswer, to kind: DNSQuestion.Kind, from server: SocketAddress) {
        guard !isOver else { return }
        if case .failure(let code) = answer {
            let message = "name server \(server.text) could not resolve \(name) (\(Self.text(code)))"
            refusal = (.dnsFailure, message)
            // Both kinds fail together, as a rule: the next server is asked once for both.
            if answers[kind] == nil { answers[kind] = answer }
            if answers.count == 2 { retryFailed() }
            return
        }
        answers[kind] = answer
        if case .noSuchName = answer { return settle() }
        if answers.count == 2 { return isSettled ? settle() : retryFailed() }
        guard case .addresses = answer else { return }
        timer?.cancel()
        timer = eventLoop.assumeIsolated().scheduleTask(in: Self.graceForOther) { [self] in settle() }
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
        let (resolution, ttl) = conclusion
        done(resolution, ttl)
    }

    private var conclusion: (Resolution, ttl: UInt32) {
        var addresses: [SocketAddress] = []
        var ttl = (presence: UInt32.max, absence: UInt32.max)
        var isUnknown = false
        var isKnown = answers.count == 2
        for answer in answers.values {
            switch answer {
            case .addresses(let found, let seconds):
                addresses += found
                ttl.presence = min(ttl.presence, seconds)
            case .noAddress(let seconds):
                ttl.absence = min(ttl.absence, seconds)
            case .noSuchName(let seconds):
                isUnknown = true
                ttl.absence = min(ttl.absence, seconds)
            case .failure:
                isKnown = false
            }
        }
        if !addresses.isEmpty { return (.addresses(ResolvedAddresses(addresses)), ttl.presence) }
        if isUnknown {
            return (.failure(.dnsNXDomain, message: "there is no such name as \(name)"), ttl.absence)
        }
        if isKnown {
            return (.failure(.dnsNXDomain, message: "the name \(name) has no address"), ttl.absence)
        }
        let (cause, message) = refusal ?? (.dnsFailure, "no answer about \(name) from \(serverList)")
        return (.failure(cause, message: message), 0)
    }

    private var serverList: String {
        var seen: Set<String> = []
        return plan.servers.map(\.text).filter { seen.insert($0).inserted }.joined(separator: ", ")
    }

    /// The names of response codes (RFC 1035, 4.1.1).
    private static func text(_ code: UInt8) -> String {
        switch code {
        case 0: "truncated"
        case 1: "FORMERR"
        case 2: "SERVFAIL"
        case 4: "NOTIMP"
        case 5: "REFUSED"
        default: "code \(code)"
        }
    }
}
