import NIOCore

/// What a server does not do, and why ("Protocol::ERR_Packet").
struct MySQLServerError: Error, Equatable {
    let number: UInt16
    /// SQLSTATE; empty from a server that does not know us well enough yet.
    let state: String
    /// In the language of the server.
    let message: String

    private static let longestText = 600

    init(number: UInt16, state: String = "", message: String) {
        self.number = number
        self.state = state
        self.message = message
    }

    init?(_ payload: ByteBuffer) {
        var payload = payload
        guard payload.readInteger(as: UInt8.self) == MySQLMark.error,
            let number = payload.readInteger(endianness: .little, as: UInt16.self)
        else { return nil }
        let hasState = payload.getInteger(at: payload.readerIndex, as: UInt8.self) == UInt8(ascii: "#")
        if hasState { payload.moveReaderIndex(forwardBy: 1) }
        let state = hasState ? payload.readString(length: 5) ?? "" : ""
        self.init(
            number: number, state: Self.isState(state) ? state : "",
            message: String(decoding: payload.readableBytesView.prefix(Self.longestText), as: UTF8.self))
    }

    /// A code that is none is not shown as one.
    private static func isState(_ text: String) -> Bool {
        text.utf8.count == 5
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }
}
