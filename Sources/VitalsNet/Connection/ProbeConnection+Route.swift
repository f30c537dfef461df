import NIOCore
import NIOPosix
import VitalsCore

/// The addresses of a run's target, and how far it has got with them.
struct Route {
    /// A name still being resolved.
    var waiting: Resolver.Waiting?
    var addresses: [SocketAddress] = []
    var race = AddressRace(0)
    /// Index of the address last begun, or connected to.
    var index = 0
    /// What became of the addresses before.
    var failures: [String] = []
    /// Of their faults the one that tells most; of equals the last.
    var fault: SocketFault?
    var name = ""
    /// The address last begun, or connected to, as people write it.
    var peer: String?
    /// By what means it is talked to.
    var transport = Transport.stream
    var isConnected = false
    /// Until the next address is begun beside those under way.
    var headStart: Scheduled<Void>?
    /// Attempts under way beside the first.
    var rivals: [ChannelHandlerContext] = []

    /// The failures so far, and this.
    func message(with last: [String]) -> String {
        (failures + last).joined(separator: "; ")
    }
}

extension ProbeConnection {
    /// Resolves the name, if it is one, and goes on to connect.
    func findRoute() {
        route.transport = target.transport
        if let literal = target.literal {
            facts[.addresses] = target.literalFact
            guard target.family.contains(literal) else {
                return fail(.badConfiguration, message: "\(target.endpoint) is no \(target.family.noun)")
            }
            return connect(to: [literal])
        }
        guard let (name, _) = target.endpoint.name else {
            let servers = target.endpoint == .nameServers ? loop.resolver.servers : []
            facts[.addresses] = .list(servers.map { $0.ipAddress ?? "?" })
            return connect(to: servers)
        }
        route.name = name
        route.waiting = loop.resolver.resolve(name, target.family) { [self] resolution in
            route.waiting = nil
            found(resolution)
        }
    }

    private func found(_ resolution: Resolution) {
        guard !isOver, let port = target.endpoint.name?.port else { return }
        switch resolution {
        case .failure(let cause, let message):
            fail(cause, message: message)
        case .addresses(let resolved):
            facts[.addresses] = .list(resolved.texts)
            enter(.connect)
            connect(
                to: resolved.addresses.map { address in
                    var address = address
                    address.port = port
                    return address
                })
        }
    }

    private func connect(to addresses: [SocketAddress]) {
        route.addresses =
            addresses.count > AddressRace.maximumCount
            ? Array(addresses.prefix(AddressRace.maximumCount)) : addresses
        route.race = AddressRace(route.addresses.count)
        advance(route.race.proceed())
    }

    private func advance(_ move: AddressRace.Move) {
        switch move {
        case .begin(let index):
            begin(index)
        case .wait:
            break
        case .lost:
            guard let worst = route.fault else {
                return fail(.badConfiguration, message: "\(target.endpoint) is no address")
            }
            fail(worst.cause, code: worst.code, message: route.message(with: []))
        }
    }

    /// Tries an address. It may take what is left of the time, but soon no longer alone.
    private func begin(_ index: Int) {
        let address = route.addresses[index]
        let peer = target.literalText ?? target.endpoint.text(of: address)
        route.index = index
        route.peer = peer
        open(address).assumeIsolated().whenFailure { [self] error in failed(index, peer, error) }
        guard route.race.hasMore, !route.isConnected, !isOver else { return }
        route.headStart?.cancel()
        route.headStart = loop.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(target.headStart)) {
            [self] in
            guard !isOver, !route.isConnected else { return }
            advance(route.race.proceed())
        }
    }

    private func open(_ address: SocketAddress) -> EventLoopFuture<any Channel> {
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        guard route.transport == .stream else { return openDatagram(address, bound) }
        return ClientBootstrap(group: loop.eventLoop)
            // Bounded by the deadline itself, which may be put off.
            .connectTimeout(.hours(1))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: address)
    }

    private func failed(_ index: Int, _ peer: String, _ error: any Error) {
        guard !isOver, !route.isConnected else { return }
        let move = lose(index, SocketFault(connectingTo: peer, by: route.transport, error))
        guard route.transport != .stream, move != .lost else { return advance(move) }
        // Where nothing connects, there is no race: only one is ever under way.
        guard let next = route.race.turn(from: index) else { return advance(.lost) }
        begin(next)
    }

    /// Keeps what became of an address.
    private func lose(_ index: Int, _ fault: SocketFault) -> AddressRace.Move {
        if fault.weight >= (route.fault?.weight ?? 0) { route.fault = fault }
        let move = route.race.fail(index, isLasting: fault.isLasting)
        if move != .lost { note(fault.message) }
        route.failures.append(fault.message)
        return move
    }

    /// The first of the attempts is through; the others are given up.
    func won(_ context: ChannelHandlerContext) {
        route.isConnected = true
        guard route.addresses.count > 1 else { return }
        route.headStart?.cancel()
        let losers = (route.rivals + [self.context].compactMap(\.self)).filter { $0 !== context }
        route.rivals = []
        self.context = context
        for loser in losers { loser.close(promise: nil) }
        if let index = context.remoteAddress.flatMap({ route.addresses.firstIndex(of: $0) }) {
            route.index = index
            route.peer = target.endpoint.text(of: route.addresses[index])
        }
    }

    /// Nobody takes what is sent to an address that needs no connection.
    func lostDatagram(_ error: any Error) {
        let peer = route.peer ?? target.endpoint.description
        let move = lose(route.index, SocketFault(connectingTo: peer, by: route.transport, error))
        guard move != .lost, let next = route.race.turn(from: route.index) else { return advance(.lost) }
        reopen(next)
    }

    /// Turns to the next address, if there is another.
    func askNext() {
        guard let next = route.race.turn(from: route.index), next != route.index else {
            return perform(dialogue.opened())
        }
        note("no answer from \(route.peer ?? "?") yet")
        reopen(next)
    }

    /// Talks on with the same address by other means.
    func reconnect(by transport: Transport) {
        route.transport = transport
        route.addresses = [route.addresses[route.index]]
        route.race = AddressRace(1)
        _ = route.race.proceed()
        reopen(0)
    }

    private func reopen(_ index: Int) {
        let old = context
        context = nil
        old?.close(promise: nil)
        input = ByteBuffer()
        route.isConnected = false
        enter(.connect)
        begin(index)
    }
}

extension SocketFault {
    /// Whether another address would fare no better, since it is we who lack something.
    fileprivate var isLasting: Bool {
        code == "EMFILE" || code == "ENFILE" || code == "ENOBUFS" || code == "ENOMEM"
            || cause == .badConfiguration
    }
}

extension SocketAddress {
    /// `127.0.0.1:5433`, `[::1]:5433`, or the path of a socket.
    var text: String {
        switch self {
        case .v4: "\(ipAddress ?? "?"):\(port ?? 0)"
        case .v6: "[\(ipAddress ?? "?")]:\(port ?? 0)"
        case .unixDomainSocket: pathname ?? "?"
        }
    }
}
