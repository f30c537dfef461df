import Glibc
import NIOCore

@testable import VitalsNet

extension TestNetwork {
    /// Moves the thread of the loop into a network of its own, in which these groups may ping; where we have
    /// not the right to do so, it stays where it is.
    ///
    /// - Parameter groups: as in `net.ipv4.ping_group_range`; nothing: nothing is changed.
    /// - Returns: whether it may ping where it is now, by what the kernel says of it.
    func enterNetwork(pinging groups: String?) async -> Bool {
        await withCheckedContinuation { continuation in
            loops.eventLoops[0].execute {
                if let groups, PingLeave.moveOut() {
                    PingLeave.raiseLoopback()
                    PingLeave.groups = groups
                }
                continuation.resume(returning: PingLeave.isOurs)
            }
        }
    }
}

/// Who may ping, in the network of the present thread.
private enum PingLeave {
    private static let path = "/proc/sys/net/ipv4/ping_group_range"

    static var groups: String {
        get {
            guard let file = fopen(path, "r") else { return "1 0" }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 64)
            guard fgets(&line, CInt(line.count), file) != nil else { return "1 0" }
            return String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        set {
            guard let file = fopen(path, "w") else { return }
            fputs(newValue, file)
            fclose(file)
        }
    }

    /// Whether one of our groups is among them.
    static var isOurs: Bool {
        let bounds = groups.split(whereSeparator: \.isWhitespace).compactMap { UInt32($0) }
        guard bounds.count == 2, bounds[0] <= bounds[1] else { return false }
        var ours = [gid_t](repeating: 0, count: 256)
        let count = getgroups(CInt(ours.count), &ours)
        return (ours.prefix(max(0, Int(count))) + [getegid()]).contains {
            (bounds[0]...bounds[1]).contains($0)
        }
    }

    /// Into a network of the thread's own. The system call is in no header that can be imported.
    static func moveOut() -> Bool {
        typealias Unshare = @convention(c) (CInt) -> CInt
        guard let symbol = dlsym(nil, "unshare") else { return false }
        let newNetwork: CInt = 0x4000_0000
        return unsafeBitCast(symbol, to: Unshare.self)(newNetwork) == 0
    }

    static func raiseLoopback() {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        // A `struct ifreq`: the name in 16 bytes, then the flags.
        var request = [UInt8](repeating: 0, count: 40)
        request.replaceSubrange(0..<2, with: "lo".utf8)
        request[16] = UInt8(truncatingIfNeeded: IFF_UP)
        _ = ioctl(descriptor, UInt(SIOCSIFFLAGS), &request)
    }
}
