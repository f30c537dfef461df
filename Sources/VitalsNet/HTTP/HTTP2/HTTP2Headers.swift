import NIOCore
import NIOHPACK

/// The headers of one stream: ours as they go out, the server's as they come in.
struct HTTP2Headers {
    private var decoder = HPACKDecoder(
        allocator: ByteBufferAllocator(), maxDynamicTableSize: HPACKDecoder.maxDynamicTableSize,
        maxHeaderListSize: HTTPResponseHead.maximumBytes)

    /// The frames of a request's head. Nothing of it is compressed: it is sent once, and what is secret in
    /// it is to enter no table (RFC 7541, 7.1.3).
    static func frames(of request: HTTPRequest) -> [HTTP2Frame] {
        var block = ByteBuffer()
        let host = request.headers.first { $0.name.lowercased() == "host" }?.value
        write(":method", request.method, to: &block)
        write(":scheme", request.url.isSecure ? "https" : "http", to: &block)
        write(":authority", host ?? request.url.authority, to: &block)
        write(":path", request.url.requestTarget, to: &block)
        for header in request.headers where header.name.lowercased() != "host" {
            write(header.name.lowercased(), header.value, to: &block)
        }
        if let body = request.body { write("content-length", "\(body.utf8.count)", to: &block) }
        var frames: [HTTP2Frame] = []
        while let piece = block.readSlice(length: min(HTTP2Frame.maximumLength, block.readableBytes)) {
            let isLast = block.readableBytes == 0
            var flags = isLast ? HTTP2Frame.endHeaders : 0
            if frames.isEmpty, request.body?.isEmpty != false { flags |= HTTP2Frame.endStream }
            frames.append(
                HTTP2Frame(frames.isEmpty ? .headers : .continuation, flags: flags, stream: 1, piece))
            if isLast { break }
        }
        return frames
    }

    /// Literal, never indexed, new name, no Huffman (RFC 7541, 6.2.3).
    private static func write(_ name: String, _ value: String, to block: inout ByteBuffer) {
        block.writeInteger(UInt8(0x10))
        for text in [name, value] {
            writeLength(text.utf8.count, to: &block)
            block.writeString(text)
        }
    }

    /// An integer with a prefix of 7 bits (RFC 7541, 5.1).
    private static func writeLength(_ length: Int, to block: inout ByteBuffer) {
        guard length >= 127 else {
            _ = block.writeInteger(UInt8(length))
            return
        }
        block.writeInteger(UInt8(127))
        var rest = length - 127
        while rest >= 128 {
            block.writeInteger(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        block.writeInteger(UInt8(rest))
    }

    /// What a block of the server's says.
    enum Decoded {
        case head(HTTPResponseHead)
        /// What stands behind a body; of no interest here.
        case trailers
        case malformed(String)
    }

    mutating func decode(_ block: ByteBuffer, isTrailers: Bool, keepsHeaders: Bool) -> Decoded {
        var block = block
        guard let headers = try? decoder.decodeHeaders(from: &block) else {
            return .malformed("sent headers whose compression is not well-formed, or which are too many")
        }
        guard !isTrailers else { return .trailers }
        var status: Int?
        var fields = HTTPFields(keepsHeaders: keepsHeaders)
        for (name, value, _) in headers {
            if name == ":status", status == nil, value.utf8.count == 3, let code = Int(value), code >= 100 {
                status = code
            } else if name.hasPrefix(":") || !fields.take(HTTPHeader(name, value)) {
                return .malformed("sent a header that is not well-formed")
            }
        }
        guard let status else { return .malformed("sent headers without a status") }
        guard fields.isConsistent else { return .malformed("sent more than one Content-Length") }
        return .head(fields.head(status: status))
    }
}
