import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// The server cannot listen where it was told to.
package enum ListenError: Error, Equatable, CustomStringConvertible {
    /// Somebody else does already.
    case addressInUse(host: String, port: Int)
    /// Anything else: no such address here, no right to a low port, a name that stands for nothing, ...
    case unavailable(host: String, port: Int, reason: String)

    init(_ error: IOError, host: String, port: Int) {
        self =
            error.errnoCode == EADDRINUSE
            ? .addressInUse(host: host, port: port)
            : .unavailable(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
    }

    package var description: String {
        switch self {
        case .addressInUse(let host, let port):
            "\(host):\(port) is in use by another program; stop it or choose another address"
        case .unavailable(let host, let port, let reason):
            "cannot listen on \(host):\(port): \(reason)"
        }
    }
}
