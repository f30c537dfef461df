import FoundationEssentials

/// How a SCRAM login is tied to the TLS that it goes through (RFC 5802, section 6): a server in the middle,
/// with a certificate of its own, then comes to nothing.
enum ScramBinding: Sendable, Equatable {
    /// We cannot, or are told not to.
    case none
    /// We could, and believe that the server cannot; a server that can then knows that somebody took its
    /// offer out of what we heard.
    case notOffered
    /// By the digest of the server's certificate (RFC 5929, section 4).
    case endPoint([UInt8])

    /// What a target says of it, in the words of libpq.
    enum Wish: String, Sendable, CaseIterable {
        case disable, prefer, require
    }

    /// - Parameters:
    ///   - hash: of the server's certificate; nothing without TLS, or where none is defined.
    ///   - mechanisms: those that the server offers.
    /// - Returns: nothing where the wish cannot be met.
    static func choice(_ wish: Wish, hash: [UInt8]?, offered mechanisms: [String]) -> ScramBinding? {
        guard wish != .disable, let hash else { return wish == .require ? nil : ScramBinding.none }
        if mechanisms.contains(plusMechanism) { return .endPoint(hash) }
        return wish == .require ? nil : .notOffered
    }

    var mechanism: String {
        if case .endPoint = self { Self.plusMechanism } else { Self.plainMechanism }
    }

    /// What the login begins with.
    var header: String {
        switch self {
        case .none: "n,,"
        case .notOffered: "y,,"
        case .endPoint: "p=tls-server-end-point,,"
        }
    }

    /// The header once more, with what the login is tied to.
    var proof: String {
        var bytes = Array(header.utf8)
        if case .endPoint(let hash) = self { bytes += hash }
        return Data(bytes).base64EncodedString()
    }

    static let plainMechanism = "SCRAM-SHA-256"
    static let plusMechanism = "SCRAM-SHA-256-PLUS"
}
