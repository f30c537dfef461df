import NIOCore
import NIOSSL
import VitalsCore

/// How far a run has got with TLS.
enum TLSProgress {
    case none
    /// Waiting for the context.
    case preparing
    case handshaking(NIOSSLClientHandler, TLSObserver, ChainObserver?)
    case done

    /// Whether it is we who are not ready.
    var isPreparing: Bool { if case .preparing = self { true } else { false } }

    /// Whether bytes of the protocol are not yet protected that should be.
    var isPending: Bool {
        switch self {
        case .preparing, .handshaking: true
        case .none, .done: false
        }
    }
}

extension ProbeConnection {
    func startTLS() {
        precondition(target.tls.mode != .disable)
        enter(.tls)
        guard input.readableBytes == 0 else { return failUnprotected(input) }
        tls = .preparing
        loop.tlsContexts.context(for: target.tls) { [self] outcome in
            guard !isOver else { return }
            switch outcome {
            case .success(let tlsContext): shakeHands(tlsContext)
            case .failure(let error): fail(error.cause, message: error.message)
            }
        }
    }

    /// Without a word of farewell, which would be read as part of the protocol.
    func endTLS() {
        guard let context, case .done = tls else { return }
        context.flush()
        let pipeline = context.pipeline.syncOperations
        if let framing = try? pipeline.context(handlerType: TDSHandshakeFraming.self) {
            pipeline.removeHandler(context: framing, promise: nil)
        }
        if let handler = try? pipeline.context(handlerType: NIOSSLClientHandler.self) {
            pipeline.removeHandler(context: handler, promise: nil)
        }
        tls = .none
    }

    private func shakeHands(_ tlsContext: NIOSSLContext) {
        guard let context else { return }
        do {
            let chain = chainObserver
            let handler =
                try chain?.handler(tlsContext, serverHostname: nameToSend)
                ?? NIOSSLClientHandler(context: tlsContext, serverHostname: nameToSend)
            let observer = TLSObserver()
            tls = .handshaking(handler, observer, chain)
            let framing: [any ChannelHandler] = target.tlsFraming == .tds ? [TDSHandshakeFraming()] : []
            try context.pipeline.syncOperations.addHandlers(
                framing + [observer, handler], position: .before(self))
        } catch {
            fail(.badConfiguration, message: "cannot begin TLS with the name \(target.serverName ?? "")")
        }
    }

    /// Nothing where nobody asks for the chain: to look at all of it takes time.
    private var chainObserver: ChainObserver? {
        let isVerified = target.tls.mode != .require
        return isVerified || target.wantsChain ? ChainObserver(acceptsAll: !isVerified) : nil
    }

    /// What the server is told of the name wanted: names only, no addresses (RFC 6066, 3).
    private var nameToSend: String? {
        guard let name = target.serverName, (try? SocketAddress(ipAddress: name, port: 0)) == nil else {
            return nil
        }
        return HostName.normal(name)
    }

    func handshakeCompleted(_ negotiated: String?) {
        guard !isOver, case .handshaking(let handler, let observer, let chain) = tls else { return }
        let certificate = learn(from: handler)
        facts[.tlsProtocol] = handler.tlsVersion.map { .text($0.text) }
        facts[.tlsCipher] = observer.firstFlight.cipher.map { .text(TLSCipherName.text($0)) }
        context?.pipeline.syncOperations.removeHandler(observer, promise: nil)
        if target.tls.mode == .verifyFull, let name = target.serverName {
            guard let certificate, certificate.matches(name) else {
                let names = certificate?.names ?? []
                return fail(
                    .tlsCertNameMismatch,
                    message: "the certificate is not for \(name) but \(Self.list(names))")
            }
        }
        tls = .done
        dialogue.negotiated(negotiated)
        dialogue.met(peer(certificate, chain))
        guard target.tlsFraming != nil else {
            return perform(target.startsWithTLS ? dialogue.opened() : dialogue.secured())
        }
        try? context?.pipeline.syncOperations.handler(type: TDSHandshakeFraming.self).agreed()
        // What follows may take TLS away, which is still at work here.
        loop.eventLoop.assumeIsolated().execute { [self] in
            guard !isOver else { return }
            perform(dialogue.secured())
        }
    }

    /// Tells apart why: the peer's certificate is known even when it was not accepted.
    func handshakeFailed(_ error: any Error) {
        guard case .handshaking(let handler, let observer, let chain) = tls else { return }
        let peer = route.peer ?? target.endpoint.description
        if observer.firstFlight.isForeign {
            return failForeign(observer.firstFlight)
        }
        let certificate = learn(from: handler)
        guard let details = Self.details(of: error) else {
            return failTLS("\(peer) closed the connection during the TLS handshake")
        }
        guard !failClientCertificate(details) else { return }
        guard details.contains("CERTIFICATE_VERIFY_FAILED"), let certificate else {
            return failTLS("the TLS handshake with \(peer) failed: \(details)")
        }
        let refused = chain?.refused.flatMap { loop.certificates.facts(of: $0) } ?? certificate
        failCertificate(refused, of: certificate, at: loop.secondsSinceEpoch)
    }

    /// - Parameter refused: the one that verification stopped at: the peer's own, or one of those behind it.
    private func failCertificate(
        _ refused: CertificateFacts, of certificate: CertificateFacts, at now: Int
    ) {
        let isOwn = refused.der == certificate.der
        let which = isOwn ? "the certificate" : "the certificate \(refused.subject) of the chain"
        if refused.notAfter < now {
            fail(.tlsCertExpired, message: "\(which) ended \(-refused.daysLeft(at: now)) days ago")
        } else if refused.notBefore > now {
            fail(.tlsCertExpired, message: "\(which) is not valid yet")
        } else {
            fail(
                .tlsCertUntrusted,
                message: "no trusted authority stands behind the certificate \(certificate.subject)")
        }
    }

    /// Fails if the error is the server's word on who we are. In TLS 1.3 it comes after the handshake.
    ///
    /// - Returns: whether it is that.
    func failClientCertificate(_ details: String) -> Bool {
        guard let alert = Self.alertsAboutUs.first(where: details.contains) else { return false }
        let message =
            target.tls.identity == nil
            ? "the server demands a client certificate, and the target has none"
            : "the server does not accept our client certificate (\(alert))"
        fail(.authFailed, message: message)
        return true
    }

    /// As BoringSSL names them.
    private static let alertsAboutUs = [
        "ALERT_CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA", "ALERT_NO_CERTIFICATE",
        "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE_EXPIRED", "ALERT_CERTIFICATE_REVOKED",
        "ALERT_CERTIFICATE_UNKNOWN", "ALERT_ACCESS_DENIED",
    ]

    private func peer(_ certificate: CertificateFacts?, _ chain: ChainObserver?) -> TLSPeer {
        let seen = (chain?.accepted ?? []).reversed().compactMap { loop.certificates.facts(of: $0) }
        return TLSPeer(
            certificate: certificate, authorities: seen.filter { $0.der != certificate?.der },
            metAt: loop.secondsSinceEpoch)
    }

    /// Bytes came before the handshake. Where nothing was to come before it, they show that the peer speaks
    /// something else.
    func failUnprotected(_ bytes: ByteBuffer) {
        var flight = TLSFirstFlight()
        flight.append(bytes)
        guard !target.startsWithTLS || !flight.isForeign else { return failForeign(flight) }
        fail(.unexpectedReply, message: "sent bytes before TLS that would seem to come through it")
    }

    private func failForeign(_ flight: TLSFirstFlight) {
        let peer = route.peer ?? target.endpoint.description
        let start = Printable.text(String(decoding: flight.bytes.prefix(24), as: UTF8.self))
        fail(.protocolMismatch, message: "\(peer) does not speak TLS; it sent “\(start)”")
    }

    func failTLS(_ message: String) {
        fail(.tlsHandshake, message: message)
    }

    private func learn(from handler: NIOSSLClientHandler) -> CertificateFacts? {
        guard let peer = handler.peerCertificate, let certificate = loop.certificates.facts(of: peer) else {
            return nil
        }
        certificateEnd = certificate.notAfter
        learn(.certificateSubject, .text(certificate.subject))
        learn(.certificateNames, .list(certificate.names))
        facts[.certificateDaysLeft] = .number(certificate.daysLeft(at: loop.secondsSinceEpoch))
        return certificate
    }

    /// The names in BoringSSL's errors; nothing when the peer simply went away.
    private static func details(of error: any Error) -> String? {
        guard case NIOSSLError.handshakeFailed(.sslError(let errors))? = error as? NIOSSLError else {
            return error is IOError ? nil : "\(error)"
        }
        guard !errors.contains(.eofDuringHandshake) else { return nil }
        return errors.map(reason).joined(separator: ", ")
    }

    /// `CERTIFICATE_VERIFY_FAILED` of `Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:...  at
    /// file:298`, which is the only form in which it can be had.
    private static func reason(_ error: BoringSSLInternalError) -> String {
        let text = error.description
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 5 else { return text }
        return String(parts[5].prefix { $0 != " " })
    }

    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "for no name at all" }
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "for \(shown) and \(names.count - 5) more" : "for \(shown)"
    }
}

extension TLSVersion {
    fileprivate var text: String {
        switch self {
        case .tlsv1: "TLSv1"
        case .tlsv11: "TLSv1.1"
        case .tlsv12: "TLSv1.2"
        case .tlsv13: "TLSv1.3"
        }
    }
}
