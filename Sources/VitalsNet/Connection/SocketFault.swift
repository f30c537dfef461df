import Glibc
import NIOCore
import VitalsCore

/// What an error of a socket means.
struct SocketFault: Equatable {
    let cause: Cause
    /// The name of the errno, where there is one.
    let code: String?
    /// What happened, to be followed by the peer's address.
    let message: String

    /// An attempt to connect to `peer` failed.
    init(connectingTo peer: String, _ error: any Error) {
        if let error = error as? ChannelError, case .connectTimeout(let limit) = error {
            (cause, code) = (.timeout, nil)
            message = "no connection to \(peer) within \(Duration(limit).shortText)"
            return
        }
        let number = (error as? IOError)?.errnoCode ?? 0
        code = Self.names[number]
        (cause, message) =
            switch number {
            case ECONNREFUSED: (.refused, "connection refused by \(peer)")
            case ENOENT: (.refused, "no socket at \(peer)")
            case EACCES where peer.hasPrefix("/"):
                (.badConfiguration, "our user may not connect to \(peer)")
            case EACCES, EPERM: (.internal, "not permitted to connect to \(peer)")
            default:
                Self.meaning(of: number, peer) ?? (
                    .internal, "cannot connect to \(peer): \(Self.text(number))"
                )
            }
    }

    private init(_ cause: Cause, _ number: CInt, _ message: String) {
        self.cause = cause
        code = Self.names[number]
        self.message = message
    }

    /// An attempt to connect to `peer` by these means failed.
    init(connectingTo peer: String, by transport: Transport, _ error: any Error) {
        guard case .echo = transport, let number = (error as? IOError)?.errnoCode,
            number == EACCES || number == EPERM
        else {
            self.init(connectingTo: peer, error)
            return
        }
        let message = """
            the kernel lets no group of ours ping: net.ipv4.ping_group_range must hold one of them, as by \
            sysctl -w net.ipv4.ping_group_range="0 2147483647"
            """
        self.init(.badConfiguration, number, message)
    }

    /// How much it tells of the target: nothing where it is we who lack something, little where we have no
    /// network of that kind (IPv6, mostly), so that another address's failure tells more.
    var weight: Int {
        if cause == .internal { return 0 }
        return code == "ENETUNREACH" ? 1 : 2
    }

    /// A standing connection to `peer` failed.
    init(talkingTo peer: String, _ error: any Error) {
        let number = (error as? IOError)?.errnoCode ?? 0
        code = Self.names[number]
        (cause, message) =
            Self.meaning(of: number, peer) ?? (
                .internal, "the connection to \(peer) failed: \(Self.text(number))"
            )
    }

    private static func meaning(of number: CInt, _ peer: String) -> (Cause, String)? {
        switch number {
        case ECONNRESET, EPIPE, ECONNABORTED: (.reset, "connection reset by \(peer)")
        case EHOSTUNREACH, EHOSTDOWN: (.unreachable, "no route to \(peer)")
        case ENETUNREACH, ENETDOWN: (.unreachable, "no network that reaches \(peer)")
        case ETIMEDOUT: (.unreachable, "no acknowledgement from \(peer)")
        case EMFILE, ENFILE: (.internal, "too many open files here")
        case EADDRNOTAVAIL: (.internal, "no local address or port is free to reach \(peer)")
        case ENOBUFS, ENOMEM: (.internal, "no memory for sockets here")
        default: nil
        }
    }

    private static func text(_ number: CInt) -> String {
        names[number] ?? (number == 0 ? "unknown error" : "error \(number)")
    }

    private static let names: [CInt: String] = [
        ECONNREFUSED: "ECONNREFUSED", ENOENT: "ENOENT", EACCES: "EACCES", EPERM: "EPERM",
        ECONNRESET: "ECONNRESET",
        EPIPE: "EPIPE", ECONNABORTED: "ECONNABORTED", EHOSTUNREACH: "EHOSTUNREACH", EHOSTDOWN: "EHOSTDOWN",
        ENETUNREACH: "ENETUNREACH", ENETDOWN: "ENETDOWN", ETIMEDOUT: "ETIMEDOUT", EMFILE: "EMFILE",
        ENFILE: "ENFILE",
        EADDRNOTAVAIL: "EADDRNOTAVAIL", ENOBUFS: "ENOBUFS", ENOMEM: "ENOMEM", EINVAL: "EINVAL",
        EAFNOSUPPORT: "EAFNOSUPPORT", EPROTOTYPE: "EPROTOTYPE",
        EMSGSIZE: "EMSGSIZE", EPROTONOSUPPORT: "EPROTONOSUPPORT",
    ]
}
