/// How much of TLS a target asks for.
enum TLSMode: String, Sendable, Hashable, CaseIterable {
    case disable
    /// Encrypted, the certificate not verified.
    case require
    /// The certificate's chain and dates are verified, its names are not.
    case verifyCA = "verify-ca"
    /// The names too.
    case verifyFull = "verify-full"
}

/// What a target asks of TLS. Equal settings share one context.
struct TLSSettings: Sendable, Hashable {
    var mode: TLSMode
    /// The authorities to trust; nothing: those of the system.
    var authorities: PEMSource?
    /// What the server is shown if it asks who we are.
    var identity: TLSIdentity?
    /// The name asked for, and verified, when it is not the host's.
    var serverName: String?
    /// What may be spoken above TLS, the best first (ALPN, RFC 7301); empty: nothing is said of it.
    var protocols: [String] = []

    static let disabled = TLSSettings(.disable)

    /// - Parameter authorities: path of a PEM file, or its text.
    init(
        _ mode: TLSMode, authorities: String? = nil, identity: TLSIdentity? = nil, serverName: String? = nil
    ) {
        self.mode = mode
        self.authorities = authorities.map { PEMSource($0) }
        self.identity = identity
        self.serverName = serverName
    }
}
