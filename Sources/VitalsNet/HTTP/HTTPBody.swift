import NIOCore

/// The body of one response as it comes in, decoded and kept as far as that is wanted.
struct HTTPBody {
    enum Progress: Equatable {
        case more
        /// As much as was wanted has come.
        case enough
        case malformed(String)
    }

    private(set) var kept = ByteBuffer()
    /// After decoding.
    private(set) var byteCount = 0
    private let limit: Int
    private let isKept: Bool
    private let inflater: Inflater?
    private let coding: HTTPCoding

    /// Nothing if the body is only to be counted.
    ///
    /// - Throws: what is wrong with how the body is encoded.
    init?(_ demand: HTTPDemand, _ head: HTTPResponseHead) throws(Refusal) {
        let isKept = demand.keeps.contains(.body)
        guard demand.bodyLimit > 0, isKept || demand.decodes else { return nil }
        self.isKept = isKept
        limit = demand.bodyLimit
        coding = demand.decodes ? head.coding : .identity
        switch coding {
        case .identity: inflater = nil
        case .gzip, .deflate: inflater = Inflater(coding)
        case .other(let name):
            throw Refusal(message: "encoded the body as \(name), which nobody asked for")
        }
    }

    struct Refusal: Error {
        let message: String
    }

    /// Takes the next piece. What goes beyond the limit is not looked at.
    mutating func take(_ piece: ByteBufferView) -> Progress {
        let left = limit - byteCount
        guard let inflater else {
            if isKept { kept.writeBytes(piece.prefix(left)) }
            byteCount += min(left, piece.count)
            return byteCount >= limit ? .enough : .more
        }
        let count = inflater.inflate(piece, upTo: left) { bytes in
            if isKept { kept.writeBytes(bytes) }
        }
        guard let count else { return .malformed("sent a \(noun) body that is not well-formed") }
        byteCount += count
        return byteCount >= limit ? .enough : .more
    }

    /// What is wrong with the body if it ends here.
    var complaintAtEnd: String? {
        guard let inflater, byteCount < limit, !inflater.mayEnd else { return nil }
        return "ended the \(noun) body before it was whole"
    }

    private var noun: String { coding == .gzip ? "gzip" : "deflate" }
}
