import Glibc
import Synchronization

/// A TCP port of 127.0.0.1 for a server that cannot take port 0 and tell which one it got. Below the range
/// from which the kernel gives ports by itself, so that nobody else comes to hold it between now and the
/// server's start.
package func freePort() throws -> Int {
    for _ in 0..<1_000 {
        let port = Int.random(in: 15_000..<32_000)
        guard takenPorts.withLock({ $0.insert(port).inserted }) else { continue }
        if let descriptor = boundSocket(port) {
            close(descriptor)
            return port
        }
    }
    throw SystemError("no free port")
}

private let takenPorts = Mutex<Set<Int>>([])

/// A TCP port of 127.0.0.1 that nobody listens on, and nobody can, for as long as this lives.
package final class RefusingPort: Sendable {
    package let number: Int
    private let descriptor: Int32

    package init() throws {
        number = try freePort()
        guard let descriptor = boundSocket(number) else { throw SystemError("bind \(number)") }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}

/// A TCP port of 127.0.0.1 whose queue is full, so that connecting to it hangs, as to a machine that drops
/// packets.
package final class HangingPort: Sendable {
    package let number: Int
    private let descriptors: [Int32]

    /// - Parameters:
    ///   - port: default: a free one.
    ///   - host: an address of the loopback.
    package init(_ port: Int? = nil, on host: String = "127.0.0.1") throws {
        let port = try port ?? freePort()
        guard let listener = boundSocket(port, on: host), listen(listener, 0) == 0 else {
            throw SystemError("listen")
        }
        // A queue of 0 still takes one or two.
        let clients = (0..<4).map { _ in
            let client = socket(AF_INET, streamType, 0)
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            _ = withLoopback(port, on: host) { connect(client, $0, $1) == 0 }
            return client
        }
        number = port
        descriptors = [listener] + clients
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}

/// Whether something listens on the port of 127.0.0.1.
package func isListening(on port: Int) -> Bool {
    let descriptor = socket(AF_INET, streamType, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withLoopback(port) { connect(descriptor, $0, $1) == 0 }
}

private func boundSocket(_ port: Int, on host: String = "127.0.0.1") -> Int32? {
    let descriptor = socket(AF_INET, streamType, 0)
    guard descriptor >= 0 else { return nil }
    guard withLoopback(port, on: host, { bind(descriptor, $0, $1) == 0 }) else {
        close(descriptor)
        return nil
    }
    return descriptor
}

private var streamType: Int32 { Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) }

private func withLoopback(
    _ port: Int, on host: String = "127.0.0.1", _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = inet_addr(host)
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
