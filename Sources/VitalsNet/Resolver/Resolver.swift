import NIOCore
import NIOPosix
import VitalsCore

/// Names to addresses, without ever blocking: hosts file, then name servers over UDP, with what they said
/// kept for as long as they allow. Confined to its event loop.
final class Resolver {
    /// A place in the queue of those who wait for a name.
    final class Waiting {
        private var leave: (() -> Void)?
        fileprivate let done: (Resolution) -> Void

        fileprivate init(_ done: @escaping (Resolution) -> Void) {
            self.done = done
        }

        fileprivate func onCancel(_ leave: @escaping () -> Void) { self.leave = leave }

        /// The answer is not wanted any more. Without effect once it was given.
        func cancel() {
            leave?()
            leave = nil
        }
    }

    private struct Kept {
        let resolution: Resolution
        let until: NIODeadline
    }

    private struct Search {
        let lookup: DNSLookup
        var isBegun = false
        var waiting: [ObjectIdentifier: Waiting]
    }

    private let settings: ResolverSettings
    private let eventLoop: any EventLoop
    private let files: ResolverFiles
    private var kept: [String: Kept] = [:]
    private var searches: [String: Search] = [:]
    /// Names whose search has not begun, for too many are under way. May hold some that nobody wants any
    /// more.
    private var queue: [String] = []
    private var running = 0
    /// The server to ask first: the one after that which was last found silent.
    private var firstServer = 0

    private static let maximumKept = 20_000
    private static let positiveTTL: ClosedRange<UInt32> = 1...3_600
    private static let negativeTTL: ClosedRange<UInt32> = 1...30

    init(_ settings: ResolverSettings, eventLoop: any EventLoop, workers: NIOThreadPool) {
        self.settings = settings
        self.eventLoop = eventLoop
        files = ResolverFiles(settings, eventLoop: eventLoop, workers: workers)
    }

    /// Calls back with what the name stands for, at once if that is known.
    ///
    /// - Returns: the place in the queue, if one must wait.
    func resolve(_ name: String, _ done: @escaping (Resolution) -> Void) -> Waiting? {
        files.refreshIfOld()
        let name = HostName.normal(name)
        if let known = known(name) {
            done(known)
            return nil
        }
        let waiting = Waiting(done)
        let key = ObjectIdentifier(waiting)
        waiting.onCancel { [weak self] in self?.leave(name, key) }
        if searches[name] != nil {
            searches[name]?.waiting[key] = waiting
        } else {
            search(name, for: waiting, key)
        }
        return waiting
    }

    /// Whether a server has been asked about a name that somebody waits for; else too many others are being
    /// asked about.
    func isAsking(about name: String) -> Bool {
        searches[HostName.normal(name)]?.isBegun ?? false
    }

    /// What to say of a name that was not resolved in time.
    func silence(about name: String) -> String {
        "no answer about \(name) from name server \(servers.map(\.text).joined(separator: ", "))"
    }

    private func known(_ name: String) -> Resolution? {
        guard HostName.isValid(name) else {
            return .failure(.badConfiguration, message: "“\(Printable.text(name))” is no host name")
        }
        if let addresses = files.hosts.addresses[name] { return .addresses(ResolvedAddresses(addresses)) }
        if name == "localhost" || name.hasSuffix(".localhost") { return Self.loopback }
        guard let kept = kept[name] else { return nil }
        guard kept.until > .now() else {
            self.kept[name] = nil
            return nil
        }
        return kept.resolution
    }

    /// Never asked of a server (RFC 6761, 6.3).
    private static let loopback = Resolution.addresses(
        ResolvedAddresses(["127.0.0.1", "::1"].compactMap { try? SocketAddress(ipAddress: $0, port: 0) }))

    private var servers: [SocketAddress] {
        settings.servers.isEmpty ? files.resolv.servers : settings.servers
    }

    private func search(_ name: String, for waiting: Waiting, _ key: ObjectIdentifier) {
        let servers = servers
        let first = firstServer % max(1, servers.count)
        let order = Array(servers[first...] + servers[..<first])
        let resolv = files.resolv
        let plan = DNSLookup.Plan(
            servers: Array(repeatElement(order, count: resolv.attempts).joined()),
            retryEvery: min(settings.retryEvery, resolv.timeout), patience: resolv.timeout)
        let lookup = DNSLookup(name, plan, eventLoop: eventLoop) { [weak self] server in
            self?.avoid(server)
        } done: { [weak self] resolution, ttl in
            self?.finished(name, resolution, ttl)
        }
        searches[name] = Search(lookup: lookup, waiting: [key: waiting])
        queue.append(name)
        beginQueued()
    }

    private func avoid(_ server: SocketAddress) {
        let servers = servers
        guard !servers.isEmpty, servers[firstServer % servers.count] == server else { return }
        firstServer = (firstServer + 1) % servers.count
    }

    private func finished(_ name: String, _ resolution: Resolution, _ ttl: UInt32) {
        guard let search = searches.removeValue(forKey: name) else { return }
        keep(resolution, ttl, for: name)
        running -= 1
        beginQueued()
        for waiting in search.waiting.values { waiting.done(resolution) }
    }

    private func keep(_ resolution: Resolution, _ ttl: UInt32, for name: String) {
        let seconds: UInt32
        switch resolution {
        case .addresses: seconds = min(max(ttl, Self.positiveTTL.lowerBound), Self.positiveTTL.upperBound)
        case .failure(.dnsNXDomain, _):
            seconds = min(max(ttl, Self.negativeTTL.lowerBound), Self.negativeTTL.upperBound)
        case .failure: return
        }
        if kept.count >= Self.maximumKept {
            let now = NIODeadline.now()
            kept = kept.filter { $0.value.until > now }
            if kept.count >= Self.maximumKept { kept.removeAll(keepingCapacity: true) }
        }
        kept[name] = Kept(resolution: resolution, until: .now() + .seconds(Int64(seconds)))
    }

    private func leave(_ name: String, _ key: ObjectIdentifier) {
        searches[name]?.waiting[key] = nil
        guard let search = searches[name], search.waiting.isEmpty else { return }
        searches[name] = nil
        guard search.isBegun else { return }
        search.lookup.cancel()
        running -= 1
        beginQueued()
    }

    private func beginQueued() {
        while running < settings.maximumRunning, !queue.isEmpty {
            let name = queue.removeFirst()
            guard let search = searches[name], !search.isBegun else { continue }
            searches[name]?.isBegun = true
            running += 1
            search.lookup.begin()
        }
    }
}
