import NIOSSL

/// Sees the certificates through which a peer's chain is verified, one by one, from the authority down.
final class ChainObserver {
    /// Those that were in order, each once, the trusted authority first.
    private(set) var accepted: [NIOSSLCertificate] = []
    /// The one that verification stopped at.
    private(set) var refused: NIOSSLCertificate?
    private let acceptsAll: Bool

    /// - Parameter acceptsAll: goes on whatever is wrong, to see the whole chain; for a peer that is not to
    ///   be verified.
    init(acceptsAll: Bool) {
        self.acceptsAll = acceptsAll
    }

    /// The handler of a connection whose chain is seen here.
    func handler(_ context: NIOSSLContext, serverHostname: String?) throws -> NIOSSLClientHandler {
        try Self.watched(NIOSSLClientHandler.self, context, serverHostname) { [self] result, certificate in
            see(certificate, result)
        }
    }

    private func see(
        _ certificate: NIOSSLCertificate, _ result: NIOSSLVerificationResult
    ) -> NIOSSLVerificationResult {
        guard result == .certificateVerified || acceptsAll else {
            refused = certificate
            return .failed
        }
        if !accepted.contains(certificate) { accepted.append(certificate) }
        return .certificateVerified
    }

    private static func watched<Handler: WatchedHandler>(
        _ type: Handler.Type, _ context: NIOSSLContext, _ name: String?,
        _ see: @escaping NIOSSLVerificationCallback
    ) throws -> Handler {
        try Handler(context: context, serverHostname: name, verificationCallback: see)
    }
}

/// The library would have us take a callback that replaces all of its verification. This one looks on while
/// the library verifies, is what its deprecated initializer is for, and cannot be had otherwise.
private protocol WatchedHandler {
    init(
        context: NIOSSLContext, serverHostname: String?, verificationCallback: NIOSSLVerificationCallback?
    ) throws
}

extension NIOSSLClientHandler: WatchedHandler {}
