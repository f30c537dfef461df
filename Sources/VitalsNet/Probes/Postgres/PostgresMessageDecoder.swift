import NIOCore

/// Cuts what the server sends into messages. Every length is bounded before anything is taken at its word.
struct PostgresMessageDecoder {
    /// What may come: a peer that is not logged in to yet may say very little.
    enum Stage {
        case login, session
    }

    var stage = Stage.login
    /// Whether a whole message has been read: from then on the peer is a PostgreSQL server.
    private(set) var hasRead = false
    /// Bytes that are kept of a column's value.
    var longestColumn = longestText

    /// As libpq: nothing longer is believed of a server that has not let us in.
    private static let longestInLogin = 30_000
    /// Far more than the answers to our own queries.
    private static let longestInSession = 65_536
    private static let greetingOfMySQL: UInt32 = 10
    private static let mostColumns = 64
    static let longestText = 600

    /// - Returns: nothing while the message is not complete.
    mutating func next(from input: inout ByteBuffer) throws(PostgresWireError) -> PostgresMessage? {
        guard let type = input.getInteger(at: input.readerIndex, as: UInt8.self) else { return nil }
        guard isExpected(type) else { throw strange(type, input) }
        guard let length = input.getInteger(at: input.readerIndex + 1, as: UInt32.self) else { return nil }
        // The greeting of a MySQL server may begin like one of ours; of this length none of ours is.
        guard hasRead || length != Self.greetingOfMySQL else { throw strange(type, input) }
        let longest = stage == .login ? Self.longestInLogin : Self.longestInSession
        guard length >= 4 else { throw strange(type, input) }
        guard length <= longest else {
            throw type == UInt8(ascii: "D") && stage == .session ? .tooLong : strange(type, input)
        }
        guard input.readableBytes > Int(length) else { return nil }
        input.moveReaderIndex(forwardBy: 5)
        guard var body = input.readSlice(length: Int(length) - 4), let message = message(type, &body)
        else {
            throw .malformed(type)
        }
        hasRead = true
        return message
    }

    private func isExpected(_ type: UInt8) -> Bool {
        switch type {
        case UInt8(ascii: "R"), UInt8(ascii: "E"), UInt8(ascii: "N"), UInt8(ascii: "v"): true
        case UInt8(ascii: "S"), UInt8(ascii: "K"), UInt8(ascii: "Z"), UInt8(ascii: "T"), UInt8(ascii: "D"),
            UInt8(ascii: "C"), UInt8(ascii: "I"), UInt8(ascii: "A"), UInt8(ascii: "1"), UInt8(ascii: "2"),
            UInt8(ascii: "n"), UInt8(ascii: "s"):
            stage == .session
        default: false
        }
    }

    private func strange(_ type: UInt8, _ input: ByteBuffer) -> PostgresWireError {
        hasRead ? .malformed(type) : .foreign(Array(input.readableBytesView.prefix(256)))
    }

    private func message(_ type: UInt8, _ body: inout ByteBuffer) -> PostgresMessage? {
        switch type {
        case UInt8(ascii: "R"): Self.authentication(&body).map(PostgresMessage.authentication)
        case UInt8(ascii: "E"): Self.error(&body).map(PostgresMessage.error)
        case UInt8(ascii: "S"): Self.parameter(&body)
        case UInt8(ascii: "K"): Self.backendKey(&body)
        case UInt8(ascii: "Z"): .readyForQuery
        case UInt8(ascii: "T"): Self.columns(&body).map(PostgresMessage.columns)
        case UInt8(ascii: "D"): row(&body).map(PostgresMessage.row)
        case UInt8(ascii: "C"): .commandComplete
        default: .other
        }
    }

    private static func backendKey(_ body: inout ByteBuffer) -> PostgresMessage? {
        guard let processID = body.readInteger(as: Int32.self), let secret = body.readInteger(as: UInt32.self)
        else { return nil }
        return .backendKey(PostgresBackendKey(processID: processID, secret: secret))
    }

    private static func authentication(_ body: inout ByteBuffer) -> PostgresAuthentication? {
        guard let code = body.readInteger(as: UInt32.self) else { return nil }
        switch code {
        case 0: return .ok
        case 3: return .cleartext
        case 5: return body.readBytes(length: 4).map(PostgresAuthentication.md5)
        case 10: return mechanisms(&body).map(PostgresAuthentication.sasl)
        case 11: return .saslContinue(Array(body.readableBytesView))
        case 12: return .saslFinal(Array(body.readableBytesView))
        default: return .unsupported(code)
        }
    }

    private static func mechanisms(_ body: inout ByteBuffer) -> [String]? {
        var names: [String] = []
        while let name = text(&body) {
            if name.isEmpty { return names }
            names.append(name)
        }
        return nil
    }

    private static func parameter(_ body: inout ByteBuffer) -> PostgresMessage? {
        guard let name = text(&body), let value = text(&body) else { return nil }
        return .parameter(name: name, value: value)
    }

    private func row(_ body: inout ByteBuffer) -> [String?]? {
        guard let count = body.readInteger(as: UInt16.self), count <= Self.mostColumns else { return nil }
        var columns: [String?] = []
        for _ in 0..<count {
            guard let length = body.readInteger(as: Int32.self) else { return nil }
            if length == -1 {
                columns.append(nil)
            } else {
                guard let value = body.readSlice(length: max(0, Int(length))), length >= 0 else { return nil }
                columns.append(String(decoding: value.readableBytesView.prefix(longestColumn), as: UTF8.self))
            }
        }
        return columns
    }

    private static func columns(_ body: inout ByteBuffer) -> [VitalQuestion.Column]? {
        guard let count = body.readInteger(as: UInt16.self), count <= mostColumns else { return nil }
        var columns: [VitalQuestion.Column] = []
        for _ in 0..<count {
            // The table, the column's number in it, its type; then how long and how it is written.
            guard let name = text(&body), body.readSlice(length: 6) != nil,
                let type = body.readInteger(as: UInt32.self), body.readSlice(length: 8) != nil
            else { return nil }
            columns.append(VitalQuestion.Column(name: name, kind: kind(ofType: type)))
        }
        return columns
    }

    /// By the numbers that types have in every server's catalogue.
    private static func kind(ofType type: UInt32) -> VitalQuestion.Column.Kind {
        switch type {
        case 16: .bool
        case 20, 21, 23, 26, 700, 701, 1_700: .number
        default: .text
        }
    }

    private static func error(_ body: inout ByteBuffer) -> PostgresServerError? {
        var error = PostgresServerError()
        var localSeverity = ""
        while let field = body.readInteger(as: UInt8.self), field != 0 {
            guard let value = text(&body) else { return nil }
            switch field {
            case UInt8(ascii: "V"): error.severity = value
            case UInt8(ascii: "S"): localSeverity = value
            case UInt8(ascii: "C") where isState(value): error.code = value
            case UInt8(ascii: "M"): error.message = value
            case UInt8(ascii: "R"): error.routine = value
            default: break
            }
        }
        if error.severity.isEmpty { error.severity = localSeverity }
        return error
    }

    /// A code that is none is not shown as one.
    private static func isState(_ text: String) -> Bool {
        text.utf8.count == 5
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }

    /// Up to the next zero byte, which is taken too; a long text is cut.
    private static func text(_ body: inout ByteBuffer) -> String? {
        guard let end = body.readableBytesView.firstIndex(of: 0) else { return nil }
        let bytes = body.readableBytesView[..<end]
        body.moveReaderIndex(to: end + 1)
        return String(decoding: bytes.prefix(longestText), as: UTF8.self)
    }
}

/// What cannot be PostgreSQL, or is it no longer.
enum PostgresWireError: Error, Equatable {
    /// The first bytes of a peer that has not said anything a PostgreSQL server would say.
    case foreign([UInt8])
    /// A message of this type that breaks the protocol.
    case malformed(UInt8)
    /// A row longer than is taken.
    case tooLong
}
