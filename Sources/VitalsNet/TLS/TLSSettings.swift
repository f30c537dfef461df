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
    /// Path of a file with the authorities to trust, PEM; nothing: those of the system.
    var authorities: String?
    /// The name asked for, and verified, when it is not the host's.
    var serverName: String?

    static let disabled = TLSSettings(.disable)

    init(_ mode: TLSMode, authorities: String? = nil, serverName: String? = nil) {
        self.mode = mode
        self.authorities = authorities
        self.serverName = serverName
    }
}
