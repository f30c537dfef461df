import NIOCore
import NIOPosix
import VitalsCore

/// Names to addresses, without ever blocking: hosts file, then name servers, with what they said kept for as
/// long as they allow. Confined to its event loop.
final class Resolver {
    /// A place in the queue of those who wait for a name.
    final class Waiting {
        private var leave: (() -> Void)?
        fileprivate let key: String
        fileprivate let done: (Resolution) -> Void

        fileprivate init(_ key: String, _ done: @escaping (Resolution) -> Void) {
            self.key = key
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
        let search: DNSSearch
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
    /// Of the `resolv.conf` that what is kept was found by.
    private var revision = 0

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
    /// - Parameters:
    ///   - name: with a dot at its end it is whole, and looked for in no domain of the search list.
    ///   - family: which addresses are wanted. Default: all.
    /// - Returns: the place in the queue, if one must wait.
    func resolve(
        _ name: String, _ family: IPFamily = .any, _ done: @escaping (Resolution) -> Void
    ) -> Waiting? {
        refreshFiles()
        let wanted = Wanted(name, family, files.resolv)
        if let known = known(wanted) {
            done(known)
            return nil
        }
        let waiting = Waiting(wanted.key, done)
        let place = ObjectIdentifier(waiting)
        waiting.onCancel { [weak self] in self?.leave(wanted.key, place) }
        if searches[wanted.key] != nil {
            searches[wanted.key]?.waiting[place] = waiting
        } else {
            search(wanted, for: waiting, place)
        }
        return waiting
    }

    private func refreshFiles() {
        files.refreshIfOld()
        guard files.revision != revision else { return }
        revision = files.revision
        kept.removeAll(keepingCapacity: true)
    }

    /// Whether a server has been asked about the name that is waited for; else too many others are being
    /// asked about.
    func isAsking(for waiting: Waiting) -> Bool {
        searches[waiting.key]?.isBegun ?? false
    }

    /// What to say of a name that was not resolved in time.
    func silence(about name: String) -> String {
        "no answer about \(name) from name server \(servers.map(\.text).joined(separator: ", "))"
    }

    private func known(_ wanted: Wanted) -> Resolution? {
        let name = wanted.name
        guard HostName.isValid(name) else {
            return .failure(.badConfiguration, message: "“\(Printable.text(name))” is no host name")
        }
        if let addresses = files.hosts.addresses[name], let some = wanted.some(of: addresses) { return some }
        if name == "localhost" || name.hasSuffix(".localhost") {
            return wanted.family == .any ? Self.loopback : wanted.some(of: Self.loopbackAddresses)
        }
        guard let kept = kept[wanted.key] else { return nil }
        guard kept.until > .now() else {
            self.kept[wanted.key] = nil
            return nil
        }
        return kept.resolution
    }

    /// Never asked of a server (RFC 6761, 6.3).
    private static let loopback = Resolution.addresses(ResolvedAddresses(loopbackAddresses))

    private static let loopbackAddresses =
        ["127.0.0.1", "::1"].compactMap { try? SocketAddress(ipAddress: $0, port: 0) }

    /// The name servers that are asked, in the order of the file.
    var servers: [SocketAddress] {
        settings.servers.isEmpty ? files.resolv.servers : settings.servers
    }

    private func search(_ wanted: Wanted, for waiting: Waiting, _ place: ObjectIdentifier) {
        let resolv = files.resolv
        let search = DNSSearch(
            wanted.name, wanted.family,
            candidates: resolv.candidates(for: wanted.name, isWhole: wanted.isWhole),
            makeLookup: { [weak self, eventLoop, plan = plan(wanted.family)] name, done in
                DNSLookup(
                    name, plan, eventLoop: eventLoop, blame: { [weak self] in self?.avoid($0) }, done: done)
            },
            done: { [weak self] resolution, ttl in self?.finished(wanted.key, resolution, ttl) })
        searches[wanted.key] = Search(search: search, waiting: [place: waiting])
        queue.append(wanted.key)
        beginQueued()
    }

    private func plan(_ family: IPFamily) -> DNSLookup.Plan {
        let (servers, resolv) = (servers, files.resolv)
        let first = firstServer % max(1, servers.count)
        if resolv.isRotating { firstServer = (first + 1) % max(1, servers.count) }
        let order = Array(servers[first...] + servers[..<first])
        return DNSLookup.Plan(
            servers: Array(repeatElement(order, count: resolv.attempts).joined()), family: family,
            retryEvery: min(settings.retryEvery, resolv.timeout), patience: resolv.timeout)
    }

    private func avoid(_ server: SocketAddress) {
        let servers = servers
        guard !servers.isEmpty, servers[firstServer % servers.count] == server else { return }
        firstServer = (firstServer + 1) % servers.count
    }

    private func finished(_ key: String, _ resolution: Resolution, _ ttl: UInt32) {
        guard let search = searches.removeValue(forKey: key) else { return }
        keep(resolution, ttl, for: key)
        running -= 1
        beginQueued()
        for waiting in search.waiting.values { waiting.done(resolution) }
    }

    private func keep(_ resolution: Resolution, _ ttl: UInt32, for key: String) {
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
        kept[key] = Kept(resolution: resolution, until: .now() + .seconds(Int64(seconds)))
    }

    private func leave(_ key: String, _ place: ObjectIdentifier) {
        searches[key]?.waiting[place] = nil
        guard let search = searches[key], search.waiting.isEmpty else { return }
        searches[key] = nil
        guard search.isBegun else { return }
        search.search.cancel()
        running -= 1
        beginQueued()
    }

    private func beginQueued() {
        while running < settings.maximumRunning, !queue.isEmpty {
            let key = queue.removeFirst()
            guard let search = searches[key], !search.isBegun else { continue }
            searches[key]?.isBegun = true
            running += 1
            search.search.begin()
        }
    }
}

/// What is looked for.
private struct Wanted {
    /// In normal form.
    let name: String
    let family: IPFamily
    /// Whether it was written with a dot at its end, where that makes a difference.
    let isWhole: Bool
    /// What it is kept by: the name itself, as a rule.
    let key: String

    init(_ written: String, _ family: IPFamily, _ resolv: ResolvFile) {
        name = HostName.normal(written)
        self.family = family
        isWhole = !resolv.search.isEmpty && written.utf8.last == UInt8(ascii: ".")
        let whole = isWhole ? "\(name)." : name
        key = family == .any ? whole : "\(family.rawValue) \(whole)"
    }

    /// Those of the addresses that are wanted; nothing if there are none.
    func some(of addresses: [SocketAddress]) -> Resolution? {
        let some = family == .any ? addresses : addresses.filter(family.contains)
        return some.isEmpty ? nil : .addresses(ResolvedAddresses(some))
    }
}
