import Glibc
import Synchronization

/// A blocking TCP socket on 127.0.0.1, written with nothing but system calls: the tests' side of every
/// connection shares no code with what is tested.
final class Socket: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ call: String) {
            description = "\(call): \(String(cString: strerror(errno)))"
        }
    }

    private let descriptor: Int32
    private let isClosed = Mutex(false)

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close() }

    /// Listens on a port of 127.0.0.1; 0 is one that the system chooses.
    static func listening(on port: UInt16, backlog: Int32 = 1_024) throws -> Socket {
        let socket = try open()
        var yes: Int32 = 1
        setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress(port, { bind(socket.descriptor, $0, $1) }) == 0 else { throw Failure("bind") }
        guard listen(socket.descriptor, backlog) == 0 else { throw Failure("listen") }
        return socket
    }

    /// Connects to a port of 127.0.0.1.
    static func connected(to port: UInt16, timeout seconds: Int = 20) throws -> Socket {
        let socket = try open()
        socket.limitWaiting(to: seconds)
        guard withAddress(port, { connect(socket.descriptor, $0, $1) }) == 0 else { throw Failure("connect") }
        return socket
    }

    /// The next connection; nothing once the socket is closed.
    func accepted() -> Socket? {
        while true {
            let connection = accept(descriptor, nil, nil)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                return Socket(connection)
            }
            guard errno == EINTR || errno == ECONNABORTED, !isClosed.withLock({ $0 }) else { return nil }
        }
    }

    /// What has arrived, at most 64 KiB; nothing at the end, on an error or after the time to wait.
    func received() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    /// Sends all of it; false when the other side is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The port that a listening socket was given.
    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    func limitWaiting(to seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Ends it in both directions and wakes whoever waits on it. May be called twice.
    func close() {
        isClosed.withLock { isClosed in
            guard !isClosed else { return }
            isClosed = true
            shutdown(descriptor, Int32(SHUT_RDWR))
            Glibc.close(descriptor)
        }
    }

    private static func open() throws -> Socket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("socket") }
        return Socket(descriptor)
    }

    private static func withAddress<Value>(
        _ port: UInt16, _ use: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
