import NIOCore

/// Cuts what the server sends into packets, and holds their numbers to the order that both sides count in.
///
/// Every length is bounded before anything is taken at its word; a packet of 16 MB, which would go on in
/// another one, never is believed.
struct MySQLPacketDecoder {
    /// What may come: a peer that is not logged in to yet may say very little.
    enum Stage {
        case greeting, login, session
    }

    var stage = Stage.greeting
    /// Whether it is the answer to a statement of a check's author: of that a row may be of any length.
    var isOfAuthor = false
    /// Whether a whole packet has been read that fits.
    private(set) var hasRead = false
    /// Of the next packet, whoever sends it.
    private var number: UInt8 = 0

    /// - Returns: the payload; nothing while the packet is not complete.
    mutating func next(from input: inout ByteBuffer) throws(MySQLWireError) -> ByteBuffer? {
        let start = input.readerIndex
        guard let low = input.getInteger(at: start, endianness: .little, as: UInt16.self),
            let high = input.getInteger(at: start + 2, as: UInt8.self),
            let number = input.getInteger(at: start + 3, as: UInt8.self)
        else { return nil }
        let length = Int(high) << 16 | Int(low)
        if isOfAuthor, length > longest { throw .tooLong }
        guard length > 0, length <= longest else { throw strange(input, "a length of \(length) bytes") }
        guard let first = input.getInteger(at: start + 4, as: UInt8.self) else { return nil }
        guard isExpected(first) else { throw strange(input, "a packet of type \(first)") }
        // A server that ends a session of its own accord numbers its error as if it began.
        guard number == self.number || (number == 0 && first == MySQLMark.error) else {
            throw strange(input, "packet number \(number) in the place of \(self.number)")
        }
        guard input.readableBytes >= 4 + length else { return nil }
        input.moveReaderIndex(forwardBy: 4)
        self.number = number &+ 1
        hasRead = true
        return input.readSlice(length: length)
    }

    /// The number for a packet of ours that goes on with what the server said.
    mutating func takeNumber() -> UInt8 {
        defer { number &+= 1 }
        return number
    }

    /// A command of ours has been sent, with which the counting begins anew.
    mutating func beginCommand() {
        number = 1
    }

    private var longest: Int {
        switch stage {
        case .greeting: 2_048
        // Room for a public key of the server.
        case .login: 16_384
        case .session: 65_536
        }
    }

    private func isExpected(_ type: UInt8) -> Bool {
        switch stage {
        case .greeting: type == MySQLGreeting.version || type == MySQLMark.error
        case .login, .session: true
        }
    }

    private func strange(_ input: ByteBuffer, _ what: String) -> MySQLWireError {
        hasRead ? .malformed(what) : .foreign(Array(input.readableBytesView.prefix(256)))
    }
}

/// The first byte of a packet, where it says what the packet is.
enum MySQLMark {
    static let ok: UInt8 = 0x00
    static let moreData: UInt8 = 0x01
    /// A file of ours is wanted.
    static let localFile: UInt8 = 0xFB
    /// The end of rows; in a login the wish for another way to prove the password.
    static let end: UInt8 = 0xFE
    static let error: UInt8 = 0xFF
}

/// What cannot be MySQL, or is it no longer.
enum MySQLWireError: Error, Equatable {
    /// The first bytes of a peer that has not said anything a MySQL server would say.
    case foreign([UInt8])
    /// Of an answer to a check's author: longer than is taken.
    case tooLong
    /// What breaks the protocol.
    case malformed(String)
}
