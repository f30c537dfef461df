import Glibc
import NIOCore
import NIOPosix

/// The hosts file and `resolv.conf`, read again when they change: looked at once a second at most, and only
/// while names are asked for, on a thread that may block. Confined to its event loop.
final class ResolverFiles {
    private(set) var hosts: HostsFile
    private(set) var resolv: ResolvFile
    /// Counts the times that `resolv` became another.
    private(set) var revision = 0

    private let eventLoop: any EventLoop
    private let workers: NIOThreadPool
    private let hostName: String
    private var hostsSource: WatchedFile
    private var resolvSource: WatchedFile
    private var checkedAt = NIODeadline.now()
    private var isChecking = false

    private static let checkEvery = TimeAmount.seconds(1)

    /// Reads both files before it returns: to be called before anything is probed.
    init(_ settings: ResolverSettings, eventLoop: any EventLoop, workers: NIOThreadPool) {
        self.eventLoop = eventLoop
        self.workers = workers
        hostName = settings.hostName ?? Self.ownName
        hostsSource = WatchedFile(path: settings.hostsPath)
        resolvSource = WatchedFile(path: settings.resolvPath)
        hosts = HostsFile(hostsSource.readIfChanged() ?? "")
        resolv = ResolvFile(resolvSource.readIfChanged() ?? "", hostName: hostName)
    }

    /// Begins to look whether the files have changed; the answer counts from the next name on.
    func refreshIfOld() {
        let now = NIODeadline.now()
        guard !isChecking, now - checkedAt >= Self.checkEvery else { return }
        isChecking = true
        checkedAt = now
        workers.runIfActive(eventLoop: eventLoop) { [hostsSource, resolvSource, hostName] in
            var sources = (hosts: hostsSource, resolv: resolvSource)
            let hosts = sources.hosts.readIfChanged().map(HostsFile.init)
            let resolv = sources.resolv.readIfChanged().map { ResolvFile($0, hostName: hostName) }
            return (sources, hosts, resolv)
        }
        .assumeIsolated()
        .whenComplete { [weak self] result in
            guard let self else { return }
            isChecking = false
            guard case .success(let (sources, hosts, resolv)) = result else { return }
            (hostsSource, resolvSource) = sources
            if let hosts { self.hosts = hosts }
            guard let resolv, resolv != self.resolv else { return }
            self.resolv = resolv
            revision += 1
        }
    }

    /// What this machine calls itself; empty if it does not say.
    private static var ownName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        let isKnown = gethostname(&bytes, bytes.count - 1) == 0
        return isKnown
            ? String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : ""
    }
}

/// A small file that somebody may change.
struct WatchedFile: Sendable {
    let path: String
    private var stamp: Stamp?

    private struct Stamp: Equatable {
        let inode: UInt64
        let size: Int64
        /// The bytes of its `timespec`, whose members a release build does not see through Glibc.
        let modified: [UInt8]
    }

    /// What is beyond this is not read.
    private static let maximumSize = 1 << 20

    init(path: String) {
        self.path = path
    }

    /// The file's text if it is another than last time; empty when it is gone, and nothing new when it is we
    /// who cannot open it (no descriptor left, say). Blocks.
    mutating func readIfChanged() -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { return nil }
            defer { stamp = nil }
            return stamp == nil ? nil : ""
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        let found = Stamp(
            inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: withUnsafeBytes(of: status.st_mtim) { Array($0) })
        guard found != stamp else { return nil }
        stamp = found
        let bytes = [UInt8](unsafeUninitializedCapacity: min(Int(found.size), Self.maximumSize)) {
            buffer, count in
            while count < buffer.count {
                let read = read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                guard read > 0 else { break }
                count += read
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
