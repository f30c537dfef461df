import NIOCore

/// The request of one stream on its way out: first the head, then as much of the body as the server has room
/// for (RFC 9113, 5.2).
struct HTTP2Upload {
    private var body: ByteBuffer
    /// May be negative after the server has changed its mind.
    private var streamWindow = Self.usualWindow
    private var connectionWindow = Self.usualWindow
    private var initialWindow = Self.usualWindow

    private static let usualWindow = 65_535
    private static let maximumWindow = 0x7FFF_FFFF

    init(_ body: String?) {
        self.body = ByteBuffer(string: body ?? "")
    }

    /// Writes the frames that can go now.
    mutating func write(to output: inout ByteBuffer) {
        while body.readableBytes > 0 {
            let room = min(streamWindow, connectionWindow, HTTP2Frame.maximumLength)
            guard room > 0, let piece = body.readSlice(length: min(room, body.readableBytes)) else { return }
            streamWindow -= piece.readableBytes
            connectionWindow -= piece.readableBytes
            let flags = body.readableBytes == 0 ? HTTP2Frame.endStream : 0
            HTTP2Frame(.data, flags: flags, stream: 1, piece).write(to: &output)
        }
    }

    /// The server has more room.
    ///
    /// - Returns: false if it cannot have so much.
    mutating func widen(stream: UInt32, by increment: Int) -> Bool {
        guard increment > 0 else { return false }
        if stream == 0 {
            connectionWindow += increment
        } else {
            streamWindow += increment
        }
        return max(connectionWindow, streamWindow) <= Self.maximumWindow
    }

    /// The server has other room for every stream than it had.
    mutating func setInitialWindow(_ window: UInt32) -> Bool {
        guard window <= Self.maximumWindow else { return false }
        streamWindow += Int(window) - initialWindow
        initialWindow = Int(window)
        return streamWindow <= Self.maximumWindow
    }
}
