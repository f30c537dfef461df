import NIOCore

/// What a server's answer is made of ([MS-TDS] 2.2.7), as far as a probe heeds it.
enum TDSToken: Equatable {
    case columns([TDSColumn])
    case row([String?])
    case error(SQLServerError)
    /// The server has let us in.
    case loginAccepted(program: String, version: String)
    case change(TDSChange)
    case done(TDSDone)
    /// The server wants to be talked to in a way that is not spoken here: Windows', Azure's directory.
    case otherLogin(String)
    /// Nothing that matters.
    case other
}

/// A change of the session that the server tells of ([MS-TDS] 2.2.7.9).
enum TDSChange: Equatable {
    case database(String)
    case packetLength(Int)
    /// 0: none.
    case transaction(UInt64)
    /// Another server that is to be talked to instead, as Azure has it.
    case routing(host: String, port: Int)
    case other
}

/// The end of a statement, or of all of them ([MS-TDS] 2.2.7.6).
struct TDSDone: Equatable {
    let status: UInt16
    /// Nothing: the statement counts none.
    let rows: UInt64?

    var hasMore: Bool { status & 0x1 != 0 }
    /// Whether it acknowledges that we gave the statement up.
    var isAttention: Bool { status & 0x20 != 0 }
    /// Whether the statement ended in an error.
    var isError: Bool { status & 0x102 != 0 }
}

/// Why a server does not do something ([MS-TDS] 2.2.7.10).
struct SQLServerError: Error, Equatable {
    let number: Int32
    let state: UInt8
    /// From 11 on it is an error, from 20 on it ends the session.
    var severity: UInt8 = 16
    /// In the language of the login.
    let message: String

    private static let longestText = 600

    init(number: Int32, state: UInt8 = 1, severity: UInt8 = 16, message: String) {
        self.number = number
        self.state = state
        self.severity = severity
        self.message = message
    }

    /// - Parameter content: of an error token.
    init(from content: ByteBuffer) throws(TDSWireError) {
        var content = content
        do {
            number = try content.take(Int32.self)
            state = try content.take(UInt8.self)
            severity = try content.take(UInt8.self)
            message = Printable.prefix(try content.takeText(), bytes: Self.longestText)
        } catch {
            throw .malformed("an error that is cut short")
        }
    }

    /// Nothing for a number that no error has.
    var code: String? { (1...9_999_999).contains(number) ? String(number) : nil }

    /// In the server's words.
    var reason: String { message.isEmpty ? "the server gave no reason" : message }
}
