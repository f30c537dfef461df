import CZlib
import NIOCore

/// Undoes gzip and deflate with the system's zlib, a piece at a time and never more than was asked for, so
/// that it does not matter how much there would be.
///
/// Confined to the run that it belongs to.
final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let coding: HTTPCoding
    private var state = State.new

    private enum State {
        case new
        case open
        /// At the end of what was compressed; of gzip more may follow (RFC 1952, 2.2).
        case whole
        /// What stands behind the end is left alone, as browsers do.
        case over
        case broken
    }

    private static let pieceLength = 16_384
    private static let gzipMark: UInt8 = 0x1F

    init(_ coding: HTTPCoding) {
        self.coding = coding
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
    }

    deinit {
        // Of one that was never begun zlib says so, and does nothing.
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Whether the body may end here: it is whole, or there is nothing of it.
    var mayEnd: Bool {
        switch state {
        case .new, .whole, .over: true
        case .open, .broken: false
        }
    }

    /// Takes a piece and gives what is in it, at most `limit` bytes; of the rest nothing will come.
    ///
    /// - Returns: how many bytes were given; nothing if the piece cannot be what it should.
    func inflate(_ piece: ByteBufferView, upTo limit: Int, give: (UnsafeRawBufferPointer) -> Void) -> Int? {
        piece.withUnsafeBytes { input in
            guard let first = input.first else { return 0 }
            if case .new = state, !open(first) { state = .broken }
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
            let given = withUnsafeTemporaryAllocation(byteCount: Self.pieceLength, alignment: 16) { output in
                drain(into: output, upTo: limit, give)
            }
            stream.pointee.next_in = nil
            stream.pointee.avail_in = 0
            return given
        }
    }

    private func drain(
        into output: UnsafeMutableRawBufferPointer, upTo limit: Int, _ give: (UnsafeRawBufferPointer) -> Void
    ) -> Int? {
        var given = 0
        while given < limit, proceed() {
            let room = min(output.count, limit - given)
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            let code = CZlib.inflate(stream, Z_NO_FLUSH)
            let count = room - Int(stream.pointee.avail_out)
            give(UnsafeRawBufferPointer(rebasing: output[..<count]))
            given += count
            switch code {
            case Z_STREAM_END: state = .whole
            case Z_OK where count == room || stream.pointee.avail_in > 0: continue
            case Z_OK, Z_BUF_ERROR: return given
            default: state = .broken
            }
        }
        // What comes after all that was wanted is not looked at, though zlib may have done so already.
        if case .broken = state { return given > 0 && given >= limit ? given : nil }
        return given
    }

    /// Whether there is anything to decode.
    private func proceed() -> Bool {
        switch state {
        case .open: return true
        case .new, .over, .broken: return false
        case .whole:
            guard stream.pointee.avail_in > 0 else { return false }
            let isMore = coding == .gzip && stream.pointee.next_in.pointee == Self.gzipMark
            state = isMore && inflateReset(stream) == Z_OK ? .open : .over
            return isMore
        }
    }

    private func open(_ first: UInt8) -> Bool {
        // Of zlib's format the first byte names the method, 8, and a window of at most 32 KiB (RFC 1950,
        // 2.2).
        let isFramed = first & 0x8F == 8
        let windowBits: CInt = coding == .gzip ? 15 + 16 : isFramed ? 15 : -15
        let size = CInt(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, windowBits, ZLIB_VERSION, size) == Z_OK else { return false }
        state = .open
        return true
    }
}
