import NIOCore
import NIOPosix
import VitalsCore

/// The addresses of a run's target, and how far it has got with them.
struct Route {
    /// A name still being resolved.
    var waiting: Resolver.Waiting?
    var addresses: [SocketAddress] = []
    /// Index of the address now tried, or connected to.
    var index = 0
    /// What became of the addresses before.
    var failures: [String] = []
    /// Of their faults the one that tells most; of equals the last.
    var fault: SocketFault?
    var name = ""
    /// The address now tried, as people write it.
    var peer: String?

    /// The failures so far, and this one.
    func message(with last: String) -> String {
        (failures + [last]).joined(separator: "; ")
    }
}

extension ProbeConnection {
    /// Resolves the name, if it is one, and goes on to connect.
    func findRoute() {
        switch target.endpoint {
        case .unixSocket:
            route.addresses = target.literal.map { [$0] } ?? []
            connect()
        case .host(let host, port: _):
            if let literal = target.literal {
                route.addresses = [literal]
                facts[.addresses] = target.literalFact
                return connect()
            }
            route.name = host
            route.waiting = loop.resolver.resolve(host) { [self] resolution in
                route.waiting = nil
                found(resolution)
            }
        }
    }

    private func found(_ resolution: Resolution) {
        guard !isOver, case .host(_, let port) = target.endpoint else { return }
        switch resolution {
        case .failure(let cause, let message):
            fail(cause, message: message)
        case .addresses(let resolved):
            route.addresses = resolved.addresses.map { address in
                var address = address
                address.port = port
                return address
            }
            facts[.addresses] = .list(resolved.texts)
            enter(.connect)
            connect()
        }
    }

    /// Tries the address at `route.index`. Each may take its share of what is left of the time.
    private func connect() {
        guard route.index < route.addresses.count else {
            return fail(.badConfiguration, message: "\(target.endpoint) is no address")
        }
        let address = route.addresses[route.index]
        let peer = target.literalText ?? address.text
        route.peer = peer
        let left = max(deadline.due - .now(), .zero)
        let others = route.addresses.count - route.index - 1
        // The last one is bounded by the deadline itself, which may be put off.
        let limit =
            others == 0 ? .hours(1) : TimeAmount.nanoseconds(left.nanoseconds / Int64(others + 1))
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(limit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: address)
            .assumeIsolated()
            .whenFailure { [self] error in failed(peer, error) }
    }

    private func failed(_ peer: String, _ error: any Error) {
        guard !isOver else { return }
        let fault = SocketFault(connectingTo: peer, error)
        if fault.weight >= (route.fault?.weight ?? 0) { route.fault = fault }
        guard route.index + 1 < route.addresses.count, !fault.isLasting else {
            let worst = route.fault ?? fault
            return fail(worst.cause, code: worst.code, message: route.message(with: fault.message))
        }
        note(fault.message)
        route.failures.append(fault.message)
        route.index += 1
        connect()
    }
}

extension SocketFault {
    /// Whether another address would fare no better, since it is we who lack something.
    fileprivate var isLasting: Bool {
        code == "EMFILE" || code == "ENFILE" || code == "ENOBUFS" || code == "ENOMEM"
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
