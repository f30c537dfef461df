import VitalsCore

/// A name looked up as it is and within the domains of the search list, one after the other, until it is
/// found (resolv.conf(5)), whatever number of runs waits for it. Confined to its event loop.
final class DNSSearch {
    private let name: String
    private let family: IPFamily
    /// In the order in which they are asked for; at least one.
    private let candidates: [String]
    private let makeLookup: (_ name: String, _ done: @escaping (DNSLookup.Ending) -> Void) -> DNSLookup
    /// Told once: what was found, and for how many seconds it may be kept.
    private let done: (Resolution, _ ttl: UInt32) -> Void

    private var next = 0
    private var lookup: DNSLookup?
    private var isNameKnown = false
    private var absenceTTL = UInt32.max
    /// What a server said that could not tell.
    private var untold: String?

    init(
        _ name: String, _ family: IPFamily, candidates: [String],
        makeLookup: @escaping (_ name: String, _ done: @escaping (DNSLookup.Ending) -> Void) -> DNSLookup,
        done: @escaping (Resolution, _ ttl: UInt32) -> Void
    ) {
        precondition(!candidates.isEmpty)
        self.name = name
        self.family = family
        self.candidates = candidates
        self.makeLookup = makeLookup
        self.done = done
    }

    func begin() {
        let candidate = candidates[next]
        next += 1
        lookup = makeLookup(candidate) { [weak self] in self?.ended($0) }
        lookup?.begin()
    }

    /// Nobody waits any more.
    func cancel() {
        lookup?.cancel()
    }

    /// Whether it is elsewhere is asked only where one was told that it is not here, or that this could not
    /// be told; silence would only be met with silence again.
    private func ended(_ ending: DNSLookup.Ending) {
        switch ending {
        case .found(let addresses, let ttl):
            return done(.addresses(ResolvedAddresses(addresses)), ttl)
        case .failed(let cause, let message):
            return done(.failure(cause, message: message), 0)
        case .untold(let message):
            untold = untold ?? message
        case .noAddress(let ttl):
            isNameKnown = true
            absenceTTL = min(absenceTTL, ttl)
        case .noSuchName(let ttl):
            absenceTTL = min(absenceTTL, ttl)
        }
        if next < candidates.count { begin() } else { conclude() }
    }

    private func conclude() {
        if let untold { return done(.failure(.dnsFailure, message: untold), 0) }
        let message =
            isNameKnown
            ? "the name \(name) has no \(family.noun)" : "there is no such name as \(name)\(elsewhere)"
        done(.failure(.dnsNXDomain, message: message), absenceTTL)
    }

    private var elsewhere: String {
        let others = candidates.filter { $0 != name }
        guard !others.isEmpty else { return "" }
        let shown = others.prefix(3).joined(separator: ", ")
        return ", nor as \(shown)" + (others.count > 3 ? " and \(others.count - 3) more" : "")
    }
}
