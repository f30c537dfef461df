import NIOCore

/// What a name server says to the question for the addresses of a name.
enum DNSAnswer: Equatable {
    /// With the seconds for which it may be kept.
    case addresses([SocketAddress], ttl: UInt32)
    /// There is more than there was room for: these, or none of them.
    case truncated([SocketAddress], ttl: UInt32)
    /// The name exists but has no such address.
    case noAddress(ttl: UInt32)
    case noSuchName(ttl: UInt32)
    /// The server could not or would not.
    case failure(DNSCode)

    /// Reads a reply, whoever may have sent it.
    ///
    /// - Parameter question: for `a` or `aaaa`.
    /// - Returns: nothing if it is to be passed over (`DNSReply`).
    init?(_ message: ByteBuffer, to question: DNSQuestion, id: UInt16) {
        guard let reply = DNSReply(message, to: question, id: id) else { return nil }
        switch reply.code {
        case .noError:
            let size = question.kind == .a ? 4 : 16
            let found = reply.found(for: question)
            let addresses = (found?.records ?? []).map { reply.bytes(of: $0) }.filter { $0.count == size }
                .compactMap { IPAddressText.address(Array($0)) }
            // What did not fit into the reply may have been the addresses.
            if reply.isTruncated {
                self = .truncated(addresses, ttl: addresses.isEmpty ? 0 : found?.ttl ?? 0)
            } else if let found, !addresses.isEmpty {
                self = .addresses(addresses, ttl: found.ttl)
            } else {
                self = .noAddress(ttl: reply.negativeTTL)
            }
        case .noSuchName:
            self = .noSuchName(ttl: reply.negativeTTL)
        case let code:
            self = .failure(code)
        }
    }
}
