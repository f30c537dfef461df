import NIOCore

/// IP addresses from their 4 or 16 bytes.
enum IPAddressText {
    static func address(_ bytes: [UInt8]) -> SocketAddress? {
        try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
    }

    /// In the one form in which addresses are compared as texts.
    static func text(_ bytes: [UInt8]) -> String? {
        address(bytes)?.ipAddress
    }

    /// An address as a person wrote it, in that form; nothing if it is none.
    static func normal(_ text: String) -> String? {
        (try? SocketAddress(ipAddress: text, port: 0))?.ipAddress
    }
}
