package import VitalsCore

/// Who may ask this server, which follows from where it listens and whether it has a token.
package enum Access: Sendable, Equatable {
    /// Whoever shows the token; the health endpoints answer anybody.
    case token(Secret)
    /// Whoever is on this machine and means it: a `Host` that is not this machine's own is refused, because a
    /// web page whose name was made to point here (DNS rebinding) would send its own name.
    case loopback
    /// Anybody who gets through to it.
    case anyone
}

/// Where the server may listen.
package enum ListenPolicy {
    /// Decides who may ask.
    ///
    /// - Parameters:
    ///   - host: the address or name to listen on; IPv6 with or without brackets.
    ///   - token: the API's token; nothing or empty: none.
    ///   - isInsecure: whether to listen for everybody without a token was asked for.
    /// - Throws: when it would be open to others by accident.
    package static func access(
        listeningOn host: String, token: Secret?, isInsecure: Bool
    ) throws(ListenRefusal) -> Access {
        if let token, !token.revealed.isEmpty { return .token(token) }
        if HostName(host).isLoopback { return .loopback }
        guard isInsecure else { throw ListenRefusal(host: host) }
        return .anyone
    }
}

/// The server would be open to others without a token.
package struct ListenRefusal: Error, Equatable, CustomStringConvertible {
    package let host: String

    /// For people: what was found and what mends it.
    package var description: String {
        """
        refusing to listen on \(host) without a token: anybody who reaches it could read and run everything. \
        Set API_TOKEN, listen on 127.0.0.1, or pass --insecure if something else protects it.
        """
    }
}
