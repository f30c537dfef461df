import Glibc

/// A port of 127.0.0.1 whose queue is full, so that connecting to it hangs, as to a machine that drops
/// packets.
package final class FullListener: Sendable {
    package let port: Int
    private let descriptors: [Int32]

    package init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 0) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw SystemError("listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
        // A queue of 0 still takes one or two.
        descriptors =
            [listener]
            + (0..<4).map { _ in
                let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
                _ = fcntl(client, F_SETFL, O_NONBLOCK)
                withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        _ = connect(client, $0, length)
                    }
                }
                return client
            }
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
